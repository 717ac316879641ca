package dev.reprise.engine;

/**
 * An engine's load at one moment.
 *
 * @param takenAtNanos when, by the loop's clock
 * @param runningRequests taken up and not ended
 * @param waitingRequests submitted and not taken up, preempted ones included
 * @param queuedPrefillTokens prompt tokens still to be computed, of waiting and running requests
 * @param totalBlocks KV blocks in all
 * @param usedBlocks KV blocks that live requests hold
 * @param cachedBlocks KV blocks that nobody holds and that can be reused or evicted
 * @param steps steps computed since the start
 * @param preemptions requests sent back to waiting since the start
 */
public record EngineLoad(
        long takenAtNanos,
        int runningRequests,
        int waitingRequests,
        long queuedPrefillTokens,
        int totalBlocks,
        int usedBlocks,
        int cachedBlocks,
        long steps,
        long preemptions) {}
