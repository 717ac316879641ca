package dev.reprise.engine.local;

import dev.reprise.engine.KvLayout;
import dev.reprise.engine.NumericFingerprint;
import dev.reprise.engine.local.model.ComputeException;
import dev.reprise.engine.local.model.ModelRunner;
import dev.reprise.engine.local.model.StepBatch;
import dev.reprise.runtime.RandomSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A model whose "KV" of a position is a digest of all tokens up to it, read back through the block table: a wrong block,
 * a stale one or a forgotten recomputation changes every logit after it.
 */
public final class FakeModelRunner implements ModelRunner {
    private static final NumericFingerprint FINGERPRINT =
            new NumericFingerprint("fake", "none", "none", "digest", "i64");

    private final int blockSizeTokens;
    private final int vocabularySize;
    private final int maxModelTokens;
    private final long[][] blocks;
    private final AtomicInteger stepsToFail = new AtomicInteger();
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean closed;
    private volatile Thread stepping;

    public FakeModelRunner(int totalBlocks, int blockSizeTokens, int vocabularySize, int maxModelTokens) {
        this.blockSizeTokens = blockSizeTokens;
        this.vocabularySize = vocabularySize;
        this.maxModelTokens = maxModelTokens;
        this.blocks = new long[totalBlocks][blockSizeTokens];
    }

    /** The next {@code steps} steps leave garbage in their blocks and fail. */
    public void failSteps(int steps) {
        stepsToFail.set(steps);
    }

    /** The next step throws this. */
    public void throwNext(Throwable throwable) {
        thrown.set(throwable);
    }

    /** Steps wait from now on; closing the result lets them go. */
    public AutoCloseable holdSteps() {
        CountDownLatch held = new CountDownLatch(1);
        gate = held;
        return held::countDown;
    }

    public boolean isClosed() {
        return closed;
    }

    /** The logits after {@code prefix}, computed without blocks. */
    public static float[] logitsAfter(int[] prefix, int vocabularySize) {
        long digest = 0;
        for (int token : prefix) {
            digest = mix(digest, token);
        }
        float[] logits = new float[vocabularySize];
        logits(digest, logits, 0, vocabularySize);
        return logits;
    }

    @Override
    public NumericFingerprint fingerprint() {
        return FINGERPRINT;
    }

    @Override
    public KvLayout kvLayout() {
        return new KvLayout(1, 1, 1, blockSizeTokens, Float.BYTES);
    }

    @Override
    public int totalBlocks() {
        return blocks.length;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public int maxModelTokens() {
        return maxModelTokens;
    }

    @Override
    public void step(StepBatch batch, float[] logits) throws ComputeException {
        awaitGate();
        checkOneThread();
        checkWritesApart(batch);
        throwIfTold();
        boolean fails = stepsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        int at = 0;
        for (StepBatch.Segment segment : batch.segments()) {
            for (int row = 0; row < segment.tokens().length; row++) {
                int position = segment.startPosition() + row;
                long before = position == 0 ? 0 : read(segment, position - 1);
                long digest = fails ? 0xBADL : mix(before, segment.tokens()[row]);
                blocks[segment.blockTable()[position / blockSizeTokens]][position % blockSizeTokens] = digest;
                if (row >= segment.tokens().length - segment.logitRows()) {
                    logits(digest, logits, at, vocabularySize);
                    at += vocabularySize;
                }
            }
        }
        if (fails) {
            throw new ComputeException("the test says so", new IllegalStateException());
        }
    }

    @Override
    public void exportBlock(int blockId, MemorySegment target) {
        MemorySegment.copy(blocks[blockId], 0, target, ValueLayout.JAVA_LONG_UNALIGNED, 0, blockSizeTokens);
    }

    @Override
    public void importBlock(int blockId, MemorySegment source) {
        MemorySegment.copy(source, ValueLayout.JAVA_LONG_UNALIGNED, 0, blocks[blockId], 0, blockSizeTokens);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void checkOneThread() {
        if (closed) {
            throw new AssertionError("a step after close");
        }
        if (stepping != null && stepping != Thread.currentThread()) {
            throw new AssertionError("two threads step");
        }
        stepping = Thread.currentThread();
    }

    /** No two sequences write into one block. */
    private void checkWritesApart(StepBatch batch) {
        Set<Integer> written = new HashSet<>();
        for (StepBatch.Segment segment : batch.segments()) {
            int last = (segment.startPosition() + segment.tokens().length - 1) / blockSizeTokens;
            for (int index = segment.startPosition() / blockSizeTokens; index <= last; index++) {
                if (!written.add(segment.blockTable()[index])) {
                    throw new AssertionError("two sequences write block " + segment.blockTable()[index]);
                }
            }
        }
    }

    private void throwIfTold() {
        switch (thrown.getAndSet(null)) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new AssertionError(e);
        }
    }

    private long read(StepBatch.Segment segment, int position) {
        return blocks[segment.blockTable()[position / blockSizeTokens]][position % blockSizeTokens];
    }

    private static long mix(long before, int token) {
        return new RandomSource(before * 0x9E3779B97F4A7C15L + token + 1).nextLong();
    }

    private static void logits(long digest, float[] target, int from, int vocabularySize) {
        RandomSource random = new RandomSource(digest);
        for (int i = 0; i < vocabularySize; i++) {
            target[from + i] = (float) (8 * random.nextDouble() - 4);
        }
    }
}
