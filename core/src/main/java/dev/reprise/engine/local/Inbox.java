package dev.reprise.engine.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commands on their way to an engine's owner. Any thread offers, the owner takes.
 *
 * <p>Bounded by who may offer: a request has at most its submission and one update here, requests, transfers and
 * subscribers are counted. What was accepted is taken, also after {@link #close}. The lock is a leaf.
 */
final class Inbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private List<Command> commands = new ArrayList<>();
    private boolean closed;

    /** Adds a command; false when the inbox is closed. */
    boolean offer(Command command) {
        lock.lock();
        try {
            if (!closed) {
                commands.add(command);
                changed.signal();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Everything accepted since the last call, in order. */
    List<Command> takeAll() {
        lock.lock();
        try {
            List<Command> taken = commands;
            commands = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is a command, the inbox is closed, or {@code nanos} passed. */
    void await(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (commands.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Accepts nothing any more; true for the first call. */
    boolean close() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            changed.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
