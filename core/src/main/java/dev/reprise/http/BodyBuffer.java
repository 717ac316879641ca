package dev.reprise.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A request body as it arrives. It grows with what was received, not with what was promised, so that a large
 * Content-Length alone takes no memory. Confined to the connection's event loop.
 */
final class BodyBuffer {
    private static final int FIRST_BYTES = 8 << 10;

    private final BodyBudget budget;
    private final int limitBytes;
    private byte[] bytes = new byte[0];
    private int sizeBytes;

    /** What became of an appended piece. */
    enum Append {
        TAKEN,
        BODY_TOO_LARGE,
        BUDGET_SPENT
    }

    /** {@code limitBytes} is the stated length of the body or, where none is stated, the listener's limit. */
    BodyBuffer(BodyBudget budget, int limitBytes) {
        this.budget = budget;
        this.limitBytes = limitBytes;
    }

    /** Adds what {@code piece} holds; takes nothing unless the answer is {@link Append#TAKEN}. */
    Append append(ByteBuf piece) {
        int count = piece.readableBytes();
        if (count > limitBytes - sizeBytes) {
            return Append.BODY_TOO_LARGE;
        }
        int needed = sizeBytes + count;
        if (needed > bytes.length && !growTo(needed)) {
            return Append.BUDGET_SPENT;
        }
        piece.readBytes(bytes, sizeBytes, count);
        sizeBytes = needed;
        return Append.TAKEN;
    }

    private boolean growTo(int needed) {
        long doubled = Math.max(FIRST_BYTES, 2L * bytes.length);
        int capacity = (int) Math.min(limitBytes, Math.max(needed, doubled));
        if (!budget.tryTake(capacity - bytes.length)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    /** The whole body. The budget stays taken until {@link #release}. */
    byte[] toArray() {
        return sizeBytes == bytes.length ? bytes : Arrays.copyOf(bytes, sizeBytes);
    }

    /** Gives the memory back to the budget. */
    void release() {
        budget.giveBack(bytes.length);
        bytes = new byte[0];
        sizeBytes = 0;
    }
}
