package dev.reprise.engine;

import dev.reprise.runtime.Checks;

/**
 * How the bytes of one block lie: for each layer its keys and then its values, each {@code blockSizeTokens ×
 * kvHeads × headSize} elements, token-major, RoPE already applied to the keys.
 *
 * @param layers layers, ≥ 1
 * @param kvHeads key/value heads, ≥ 1
 * @param headSize elements per head, ≥ 1
 * @param blockSizeTokens tokens per block, ≥ 1
 * @param elementBytes bytes per element: 4 for f32, 2 for bf16
 */
public record KvLayout(int layers, int kvHeads, int headSize, int blockSizeTokens, int elementBytes) {
    /** Checks ranges. */
    public KvLayout {
        Checks.check(layers >= 1 && kvHeads >= 1 && headSize >= 1, "layout %d/%d/%d", layers, kvHeads, headSize);
        Checks.check(blockSizeTokens >= 1, "blockSizeTokens must be at least 1, was %d", blockSizeTokens);
        Checks.check(elementBytes == 2 || elementBytes == 4, "elementBytes must be 2 or 4, was %d", elementBytes);
    }

    /** Bytes of keys and values of one token over all layers. */
    public long tokenBytes() {
        return 2L * layers * kvHeads * headSize * elementBytes;
    }

    /** Bytes of one block over all layers. */
    public long blockBytes() {
        return tokenBytes() * blockSizeTokens;
    }
}
