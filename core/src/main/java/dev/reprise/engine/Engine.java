package dev.reprise.engine;

import dev.reprise.runtime.Registration;
import java.util.function.Consumer;

/**
 * One worker, whatever computes behind it: tokens in, token events out.
 *
 * <p>No method blocks. Every engine is given an {@link dev.reprise.runtime.EventLoop} when it is made; all calls into
 * sinks, listeners and result consumers arrive on that loop, one at a time and in order, never from inside the call
 * that caused them. Methods may be called from any thread.
 *
 * <p>What every engine keeps, and the contract suite in the tests checks: a submitted request ends with exactly one
 * {@link TokenEvent.Finished} or {@link TokenEvent.Failed}, after which its sink is never called again; what a request
 * held is released by then; KV event sequence numbers have no gaps within an epoch.
 */
public interface Engine extends AutoCloseable {
    /** What does not change while the engine lives. */
    EngineDescription description();

    /**
     * Hands a request over. The outcome, refusals included, arrives at {@code sink} as events.
     *
     * <p>Back-pressure: the engine runs at most {@link EngineRequest#outputWindowTokens} tokens ahead of what the
     * consumer has acknowledged by {@link RequestHandle#acknowledge}; then it pauses the request, keeping its blocks,
     * and other requests go on.
     */
    RequestHandle submit(EngineRequest request, TokenSink sink);

    /** The latest load, at most one step old. */
    EngineLoad load();

    /** Whether the engine can serve now. */
    EngineHealth health();

    /**
     * Delivers every KV event batch from now on, preceded by one batch that describes all blocks held now. An engine
     * that publishes no events never calls.
     */
    Registration subscribe(KvEventListener listener);

    /** Copies blocks out, for another worker or a lower tier. What comes later to the blocks does not reach the copies. */
    void exportBlocks(KvExportRequest request, Consumer<KvExportResult> result);

    /** Takes blocks in as cached blocks, evictable like any other. */
    void importBlocks(KvImportRequest request, Consumer<KvImportResult> result);

    /** Stops: running requests fail with {@link EngineErrorCode#SHUTDOWN}, memory is returned. Idempotent. */
    @Override
    void close();
}
