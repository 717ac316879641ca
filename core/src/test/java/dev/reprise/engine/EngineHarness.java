package dev.reprise.engine;

import dev.reprise.engine.local.BatchOptions;
import dev.reprise.runtime.EventLoop;
import java.util.function.BooleanSupplier;

/** One engine under test, and what a test must be able to do to it. */
public interface EngineHarness extends AutoCloseable {
    /**
     * @param totalBlocks KV blocks
     * @param blockSizeTokens tokens per block
     * @param batching how it batches
     */
    record Shape(int totalBlocks, int blockSizeTokens, BatchOptions batching) {}

    Engine engine();

    EventLoop loop();

    /** Lets the engine work until {@code condition} holds; fails when it never does. */
    void await(BooleanSupplier condition);

    /** Commands given from now on are all in the inbox before the engine takes the first of them. */
    void hold();

    /** Ends {@link #hold}. */
    void resume();

    /** The next {@code steps} steps fail. */
    void failSteps(int steps);

    /** Something happens after which the engine cannot go on. */
    void breakDown();

    /** Closes the engine, then what it ran on. */
    @Override
    void close();
}
