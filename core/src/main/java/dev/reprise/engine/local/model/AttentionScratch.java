package dev.reprise.engine.local.model;

import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.weights.ModelConfig;

/** What one thread needs for attention of one run of rows and one key/value head. */
final class AttentionScratch {
    private static final int WANTED_QUERIES = 32;
    private static final int WANTED_SCORES = 1 << 20;

    /** Queries, one head after the other. */
    final float[] queries;

    /** Weighted sums of values, likewise. */
    final float[] sums;

    /** Scores of each query for all positions. */
    final float[] scores;

    AttentionScratch(ModelConfig config, int maxModelTokens) {
        int count = rows(config, maxModelTokens) * config.headsPerKvHead();
        this.queries = new float[count * config.headSize()];
        this.sums = new float[queries.length];
        this.scores = new float[Math.multiplyExact(count, stride(maxModelTokens))];
    }

    /** Rows computed together: enough to read each key and value rarely, few enough for bounded scores. */
    static int rows(ModelConfig config, int maxModelTokens) {
        int queries = Math.min(WANTED_QUERIES, Math.max(1, WANTED_SCORES / stride(maxModelTokens)));
        return Math.max(1, queries / config.headsPerKvHead());
    }

    /** Scores of one query up to {@code tokens} positions, whole tiles. */
    static int stride(int tokens) {
        return (tokens + Kernels.LANES - 1) / Kernels.LANES * Kernels.LANES;
    }

    static long bytes(ModelConfig config, int maxModelTokens) {
        long count = (long) rows(config, maxModelTokens) * config.headsPerKvHead();
        return 4 * count * (2L * config.headSize() + stride(maxModelTokens));
    }
}
