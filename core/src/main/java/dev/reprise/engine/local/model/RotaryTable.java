package dev.reprise.engine.local.model;

import dev.reprise.engine.local.model.weights.ModelConfig;

/**
 * Cosines and sines of the rotary position embedding, in the arithmetic of Hugging Face's LlamaRotaryEmbedding: the
 * frequency and its product with the position are 32-bit floats.
 *
 * <p>By {@code StrictMath}, so that every machine, interpreter and compiler gives the same bits.
 *
 * @param half entries for each position: half of a head
 * @param cos of position p and pair i at {@code p × half + i}
 * @param sin likewise
 */
@SuppressWarnings("ArrayRecordComponent") // a table; never compared
record RotaryTable(int half, float[] cos, float[] sin) {
    static RotaryTable of(ModelConfig config, int positions) {
        int half = config.headSize() / 2;
        float[] cos = new float[Math.multiplyExact(positions, half)];
        float[] sin = new float[cos.length];
        for (int i = 0; i < half; i++) {
            float exponent = (float) (2 * i) / config.headSize();
            float frequency = 1.0f / (float) StrictMath.pow(config.ropeTheta(), exponent);
            for (int position = 0; position < positions; position++) {
                float angle = position * frequency;
                cos[position * half + i] = (float) StrictMath.cos(angle);
                sin[position * half + i] = (float) StrictMath.sin(angle);
            }
        }
        return new RotaryTable(half, cos, sin);
    }

    /** Where a position's entries start. */
    int start(int position) {
        return position * half;
    }
}
