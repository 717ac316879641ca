package dev.reprise.engine.local.model;

import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.runtime.Checks;

/**
 * How much a runner can hold and compute at once.
 *
 * @param blockSizeTokens tokens per KV block, a multiple of 16
 * @param totalBlocks KV blocks, ≥ 1; a block's memory is taken when it is first written
 * @param maxModelTokens positions are below this, ≥ 2
 * @param maxStepRows rows of a step, ≥ 1
 */
public record RunnerOptions(int blockSizeTokens, int totalBlocks, int maxModelTokens, int maxStepRows) {
    /** Checks ranges. */
    public RunnerOptions {
        Checks.check(
                blockSizeTokens >= Kernels.LANES && blockSizeTokens % Kernels.LANES == 0,
                "blockSizeTokens must be a multiple of %d, was %d",
                Kernels.LANES,
                blockSizeTokens);
        Checks.check(totalBlocks >= 1, "totalBlocks must be at least 1, was %d", totalBlocks);
        Checks.check(maxModelTokens >= 2, "maxModelTokens must be at least 2, was %d", maxModelTokens);
        Checks.check(maxStepRows >= 1, "maxStepRows must be at least 1, was %d", maxStepRows);
    }
}
