package dev.reprise.engine.local.model;

import dev.reprise.engine.KvLayout;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.libc.CLibrary;
import dev.reprise.runtime.Checks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of all blocks, in native memory.
 *
 * <pre>
 * block:   layer 0 | layer 1 | …
 * layer:   head 0 keys | head 0 values | head 1 keys | …
 * keys:    tiles of 16 tokens, element-major: element d of the tile's token t at d × 16 + t
 * values:  token-major: element d of token t at t × headSize + d
 * </pre>
 *
 * <p>So attention reads both in order and never adds across lanes. One thread at a time may touch a block; different
 * blocks may be used by different threads, after {@link #touch} made their memory.
 */
final class KvPool implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int ALIGNMENT = 64;
    /** Of the virtual machine's limit on direct memory, by default the heap's, what the first blocks may take. */
    private static final int DIRECT_SHARE = 8;

    private final KvLayout layout;
    private final Arena arena = Arena.ofShared();
    private final @Nullable MemorySegment[] blocks;
    private final long halfBytes;
    private long directBytes;

    KvPool(KvLayout layout, int totalBlocks) {
        this.layout = layout;
        this.blocks = new MemorySegment[totalBlocks];
        this.halfBytes = 4L * layout.blockSizeTokens() * layout.headSize();
    }

    KvLayout layout() {
        return layout;
    }

    int totalBlocks() {
        return blocks.length;
    }

    /** Gets memory for the block if it has none yet. */
    void touch(int blockId) {
        Checks.check(blockId >= 0 && blockId < blocks.length, "block %d of %d", blockId, blocks.length);
        if (blocks[blockId] == null) {
            boolean direct =
                    directBytes + layout.blockBytes() <= Runtime.getRuntime().maxMemory() / DIRECT_SHARE;
            directBytes += direct ? layout.blockBytes() : 0;
            blocks[blockId] = direct
                    ? arena.allocate(layout.blockBytes(), ALIGNMENT)
                    : CLibrary.allocateZeroed(layout.blockBytes(), ALIGNMENT, arena);
        }
    }

    /** The memory of a touched block. */
    MemorySegment block(int blockId) {
        MemorySegment block = blocks[blockId];
        if (block == null) {
            throw new IllegalStateException("block %d was never written".formatted(blockId));
        }
        return block;
    }

    /** Where a head's keys start in a block; its values follow. */
    long keysOffset(int layer, int head) {
        return ((long) layer * layout.kvHeads() + head) * 2 * halfBytes;
    }

    long valuesOffset(int layer, int head) {
        return keysOffset(layer, head) + halfBytes;
    }

    /** Where element 0 of a token's key stands within its head's keys; the others follow 16 floats apart. */
    private long keyOffset(int token) {
        int tile = token / Kernels.LANES;
        return 4L * ((long) tile * layout.headSize() * Kernels.LANES + token % Kernels.LANES);
    }

    /** Stores one token's key and value of all heads, read from {@code rows} one head after the other. */
    void store(int blockId, int token, int layer, float[] rows, int keyStart, int valueStart) {
        MemorySegment block = block(blockId);
        int headSize = layout.headSize();
        for (int head = 0; head < layout.kvHeads(); head++) {
            long key = keysOffset(layer, head) + keyOffset(token);
            for (int d = 0; d < headSize; d++) {
                block.set(FLOAT, key + 4L * Kernels.LANES * d, rows[keyStart + head * headSize + d]);
            }
            long value = valuesOffset(layer, head) + 4L * token * headSize;
            MemorySegment.copy(rows, valueStart + head * headSize, block, FLOAT, value, headSize);
        }
    }

    /** Copies a block to {@code target} as {@link KvLayout} has it. */
    void exportBlock(int blockId, MemorySegment target) {
        MemorySegment block = block(blockId);
        forEachRow((keys, values, neutralKeys, neutralValues) -> {
            for (int d = 0; d < layout.headSize(); d++) {
                target.set(FLOAT, neutralKeys + 4L * d, block.get(FLOAT, keys + 4L * Kernels.LANES * d));
            }
            MemorySegment.copy(block, values, target, neutralValues, 4L * layout.headSize());
        });
    }

    /** Overwrites a block with {@code source}, laid out as {@link KvLayout} has it. */
    void importBlock(int blockId, MemorySegment source) {
        touch(blockId);
        MemorySegment block = block(blockId);
        forEachRow((keys, values, neutralKeys, neutralValues) -> {
            for (int d = 0; d < layout.headSize(); d++) {
                block.set(FLOAT, keys + 4L * Kernels.LANES * d, source.get(FLOAT, neutralKeys + 4L * d));
            }
            MemorySegment.copy(source, neutralValues, block, values, 4L * layout.headSize());
        });
    }

    /** Offsets of one head of one token in both forms. */
    @FunctionalInterface
    private interface RowVisitor {
        void row(long keys, long values, long neutralKeys, long neutralValues);
    }

    private void forEachRow(RowVisitor visitor) {
        long rowBytes = 4L * layout.headSize();
        long neutralHalf = halfBytes * layout.kvHeads();
        for (int layer = 0; layer < layout.layers(); layer++) {
            for (int token = 0; token < layout.blockSizeTokens(); token++) {
                for (int head = 0; head < layout.kvHeads(); head++) {
                    long neutral = 2L * layer * neutralHalf + ((long) token * layout.kvHeads() + head) * rowBytes;
                    visitor.row(
                            keysOffset(layer, head) + keyOffset(token),
                            valuesOffset(layer, head) + token * rowBytes,
                            neutral,
                            neutral + neutralHalf);
                }
            }
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
