package dev.reprise.kvcache;

import dev.reprise.runtime.Checks;

/**
 * The shape of a {@link BlockPool}.
 *
 * @param totalBlocks blocks in all, ids 0 to this − 1, ≥ 1
 * @param blockSizeTokens tokens per block, ≥ 1
 * @param prefixCaching whether full blocks are kept and found again
 */
public record BlockPoolOptions(int totalBlocks, int blockSizeTokens, boolean prefixCaching) {
    /** Checks ranges. */
    public BlockPoolOptions {
        Checks.check(totalBlocks >= 1, "totalBlocks must be at least 1, was %d", totalBlocks);
        Checks.check(blockSizeTokens >= 1, "blockSizeTokens must be at least 1, was %d", blockSizeTokens);
    }

    /** How many blocks {@code tokens} (≥ 0) tokens fill or begin. */
    public int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, blockSizeTokens);
    }
}
