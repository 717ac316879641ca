package dev.reprise.engine.local;

import dev.reprise.runtime.Checks;

/**
 * How an engine batches.
 *
 * @param maxBatchTokens rows of one step at most, at least {@code maxNumSeqs} so that no running sequence waits for
 *     its next token
 * @param maxNumSeqs sequences computed in one step at most, ≥ 1
 * @param maxWaitingRequests requests that may wait; beyond it a request fails as overloaded, ≥ 1
 * @param prefixCaching whether full blocks are kept for later requests
 * @param maxFailedSteps failed steps in a row after which the engine is unhealthy, ≥ 1
 */
public record BatchOptions(
        int maxBatchTokens, int maxNumSeqs, int maxWaitingRequests, boolean prefixCaching, int maxFailedSteps) {
    /** 512 rows, 32 sequences, 1,024 waiting, prefix caching on, three failures. */
    public static final BatchOptions DEFAULT = new BatchOptions(512, 32, 1024, true, 3);

    /** Checks ranges. */
    public BatchOptions {
        Checks.check(maxNumSeqs >= 1, "maxNumSeqs must be at least 1, was %d", maxNumSeqs);
        Checks.check(
                maxBatchTokens >= maxNumSeqs,
                "maxBatchTokens must be at least maxNumSeqs = %d, was %d",
                maxNumSeqs,
                maxBatchTokens);
        Checks.check(maxWaitingRequests >= 1, "maxWaitingRequests must be at least 1, was %d", maxWaitingRequests);
        Checks.check(maxFailedSteps >= 1, "maxFailedSteps must be at least 1, was %d", maxFailedSteps);
    }
}
