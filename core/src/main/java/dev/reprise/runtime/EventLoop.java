package dev.reprise.runtime;

import java.util.concurrent.Executor;

/**
 * One logical thread that runs tasks one at a time, in the order they were given.
 *
 * <p>State machines confine their state to a loop, so that they need no locks in production and run under virtual
 * time in tests and in the simulator. Tasks must not block. A task that throws is reported to the loop's failure
 * handler and does not stop the loop.
 */
public interface EventLoop extends Executor {
    /**
     * Runs {@code task} after all tasks given before it. Callable from any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the loop is closed or its queue is full
     */
    @Override
    void execute(Runnable task);

    /** Runs {@code task} once, {@code delayNanos} (≥ 0) from now, unless the registration is closed before. */
    Registration schedule(long delayNanos, Runnable task);

    /** The clock that {@link #schedule} counts by. */
    Clock clock();

    /** Whether the caller runs on this loop. */
    boolean inLoop();
}
