package dev.reprise.engine.local;

import dev.reprise.engine.KvLayout;
import dev.reprise.engine.NumericFingerprint;
import dev.reprise.engine.local.model.ModelRunner;
import dev.reprise.engine.local.model.StepBatch;
import dev.reprise.runtime.RandomSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

    public FakeModelRunner(int totalBlocks, int blockSizeTokens, int vocabularySize, int maxModelTokens) {
        this.blockSizeTokens = blockSizeTokens;
        this.vocabularySize = vocabularySize;
        this.maxModelTokens = maxModelTokens;
        this.blocks = new long[totalBlocks][blockSizeTokens];
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
    public void step(StepBatch batch, float[] logits) {
        int at = 0;
        for (StepBatch.Segment segment : batch.segments()) {
            for (int row = 0; row < segment.tokens().length; row++) {
                int position = segment.startPosition() + row;
                long before = position == 0 ? 0 : read(segment, position - 1);
                long digest = mix(before, segment.tokens()[row]);
                blocks[segment.blockTable()[position / blockSizeTokens]][position % blockSizeTokens] = digest;
                if (row >= segment.tokens().length - segment.logitRows()) {
                    logits(digest, logits, at);
                    at += vocabularySize;
                }
            }
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
    public void close() {}

    private long read(StepBatch.Segment segment, int position) {
        return blocks[segment.blockTable()[position / blockSizeTokens]][position % blockSizeTokens];
    }

    private static long mix(long before, int token) {
        return new RandomSource(before * 0x9E3779B97F4A7C15L + token + 1).nextLong();
    }

    private void logits(long digest, float[] target, int from) {
        RandomSource random = new RandomSource(digest);
        for (int i = 0; i < vocabularySize; i++) {
            target[from + i] = (float) (8 * random.nextDouble() - 4);
        }
    }
}
