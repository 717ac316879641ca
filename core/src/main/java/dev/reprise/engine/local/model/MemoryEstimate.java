package dev.reprise.engine.local.model;

import dev.reprise.engine.KvLayout;
import dev.reprise.engine.local.model.linear.ActivationRows;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.engine.local.model.weights.ModelConfig;

/**
 * Memory a model takes, before it is loaded.
 *
 * @param weightBytes weights in the runtime, once for each process; the mapped file comes on top as page cache
 * @param kvBytes all KV blocks of one runner, when all have been written
 * @param scratchBytes what one runner needs for a step
 */
public record MemoryEstimate(long weightBytes, long kvBytes, long scratchBytes) {
    /** For one runner. */
    public static MemoryEstimate of(ModelConfig config, Precision precision, RunnerOptions options, int threads) {
        return new MemoryEstimate(
                weightBytes(config, precision),
                kvLayout(config, options.blockSizeTokens()).blockBytes() * options.totalBlocks(),
                scratchBytes(config, precision, options, threads));
    }

    /** The sum. */
    public long totalBytes() {
        return weightBytes + kvBytes + scratchBytes;
    }

    static KvLayout kvLayout(ModelConfig config, int blockSizeTokens) {
        return new KvLayout(config.layers(), config.kvHeads(), config.headSize(), blockSizeTokens, Float.BYTES);
    }

    static long weightBytes(ModelConfig config, Precision precision) {
        // A tied embedding is multiplied as the output layer; an untied one is only looked up in the mapped file.
        long lookedUp = config.tiedEmbeddings() ? 0 : (long) config.vocabularySize() * config.hiddenSize();
        return (config.parameters() - lookedUp) * precision.weightBytes();
    }

    private static long scratchBytes(ModelConfig config, Precision precision, RunnerOptions options, int threads) {
        int rows = options.maxStepRows();
        long rowFloats =
                (long) config.hiddenSize() * 2 + 2L * config.querySize() + 2L * config.kvSize() + config.ffnSize();
        long inputs = ActivationRows.bytes(precision, config.hiddenSize(), rows)
                + ActivationRows.bytes(precision, config.querySize(), rows)
                + ActivationRows.bytes(precision, config.ffnSize(), rows);
        long rotary = (long) options.maxModelTokens() * config.headSize() * Float.BYTES;
        return rowFloats * rows * Float.BYTES
                + inputs
                + rotary
                + threads * AttentionScratch.bytes(config, options.maxModelTokens());
    }
}
