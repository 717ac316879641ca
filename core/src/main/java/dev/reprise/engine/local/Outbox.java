package dev.reprise.engine.local;

import dev.reprise.runtime.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls on their way from an engine's owner to its event loop, in order.
 *
 * <p>However many calls wait here, at most one task of the outbox waits in the loop. When the loop rejects it because
 * it is full, the calls stay here and the owner posts again: nothing is lost and nothing overtakes. What may wait here
 * is bounded by the requests an engine accepts and their output windows.
 *
 * <p>The owner adds and flushes, the loop runs. The lock is held while the task is posted, never while calls run.
 */
final class Outbox {
    private static final int CALLS_PER_TURN = 256;

    private final EventLoop loop;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final ArrayDeque<Runnable> calls = new ArrayDeque<>();
    private boolean posted;

    Outbox(EventLoop loop) {
        this.loop = loop;
    }

    void add(Runnable call) {
        lock.lock();
        try {
            calls.add(call);
        } finally {
            lock.unlock();
        }
    }

    /** Posts what waits; false when the loop took nothing and the caller must try again. */
    boolean flush() {
        lock.lock();
        try {
            if (!posted && !calls.isEmpty()) {
                posted = post();
            }
            return posted || calls.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean post() {
        try {
            loop.execute(this::run);
            return true;
        } catch (RejectedExecutionException e) {
            // Full: the calls wait for the next flush. Closed: they wait for ever, which the engine bounds by time.
            return false;
        }
    }

    private void run() {
        try {
            runSome();
        } finally {
            if (!postRest()) {
                // A loop that is closing takes nothing more: whoever waits is told in this turn or never.
                run();
            }
        }
    }

    private void runSome() {
        for (int i = 0; i < CALLS_PER_TURN; i++) {
            Runnable call = poll();
            if (call == null) {
                return;
            }
            call.run();
        }
    }

    private @Nullable Runnable poll() {
        lock.lock();
        try {
            return calls.poll();
        } finally {
            lock.unlock();
        }
    }

    /** The task ends: the rest, also after a call that threw, is posted as a new one. False when the loop refuses it. */
    private boolean postRest() {
        lock.lock();
        try {
            boolean more = !calls.isEmpty();
            posted = more && post();
            return posted || !more;
        } finally {
            lock.unlock();
        }
    }
}
