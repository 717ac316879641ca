package dev.reprise.engine.local;

import dev.reprise.engine.KvLayout;
import dev.reprise.engine.NumericFingerprint;
import dev.reprise.engine.local.model.ComputeException;
import dev.reprise.engine.local.model.ModelRunner;
import dev.reprise.engine.local.model.StepBatch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A runner that waits, fails and throws when told to, and that notices when it is used wrongly. */
public final class FaultyRunner implements ModelRunner {
    private final ModelRunner runner;
    private final AtomicInteger stepsToFail = new AtomicInteger();
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean closed;
    private volatile Thread stepping;

    public FaultyRunner(ModelRunner runner) {
        this.runner = runner;
    }

    /** The next {@code steps} steps leave garbage in their blocks and fail. */
    public void failSteps(int steps) {
        stepsToFail.set(steps);
    }

    /** The next step throws this. */
    public void throwNext(Throwable throwable) {
        thrown.set(throwable);
    }

    /** Steps wait from now on. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    /** Ends {@link #hold}. */
    public void resume() {
        gate.countDown();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void step(StepBatch batch, float[] logits) throws ComputeException {
        awaitGate();
        checkUse();
        Set<Integer> written = checkWritesApart(batch);
        throwIfTold();
        if (stepsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            written.forEach(this::spoil);
            throw new ComputeException("the test says so", new IllegalStateException());
        }
        runner.step(batch, logits);
    }

    @Override
    public NumericFingerprint fingerprint() {
        return runner.fingerprint();
    }

    @Override
    public KvLayout kvLayout() {
        return runner.kvLayout();
    }

    @Override
    public int totalBlocks() {
        return runner.totalBlocks();
    }

    @Override
    public int vocabularySize() {
        return runner.vocabularySize();
    }

    @Override
    public int maxModelTokens() {
        return runner.maxModelTokens();
    }

    @Override
    public void exportBlock(int blockId, MemorySegment target) {
        runner.exportBlock(blockId, target);
    }

    @Override
    public void importBlock(int blockId, MemorySegment source) {
        runner.importBlock(blockId, source);
    }

    @Override
    public void close() {
        closed = true;
        runner.close();
    }

    private void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void checkUse() {
        if (closed) {
            throw new AssertionError("a step after close");
        }
        if (stepping != null && stepping != Thread.currentThread()) {
            throw new AssertionError("two threads step");
        }
        stepping = Thread.currentThread();
    }

    /** No two sequences write into one block. */
    private Set<Integer> checkWritesApart(StepBatch batch) {
        int blockSize = kvLayout().blockSizeTokens();
        Set<Integer> written = new HashSet<>();
        for (StepBatch.Segment segment : batch.segments()) {
            int last = (segment.startPosition() + segment.tokens().length - 1) / blockSize;
            for (int index = segment.startPosition() / blockSize; index <= last; index++) {
                if (!written.add(segment.blockTable()[index])) {
                    throw new AssertionError("two sequences write block " + segment.blockTable()[index]);
                }
            }
        }
        return written;
    }

    private void spoil(int blockId) {
        long[] garbage = new long[Math.toIntExact(Math.ceilDiv(kvLayout().blockBytes(), 8L))];
        Arrays.fill(garbage, 0x7FC0_0BAD_7FC0_0BADL);
        runner.importBlock(
                blockId, MemorySegment.ofArray(garbage).asSlice(0, kvLayout().blockBytes()));
    }

    private void throwIfTold() {
        switch (thrown.getAndSet(null)) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new AssertionError(e);
        }
    }
}
