package dev.reprise.server;

import dev.reprise.runtime.Checks;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Signals from engine loops, timers and I/O threads to one request's thread.
 *
 * <p>{@link #put} never blocks. The capacity is the sum of the windows that engines may run ahead, so it is exceeded
 * only by an engine that breaks its promise; then everything waiting is dropped for one {@link Signal.WindowExceeded}.
 * After {@link #close} signals are dropped.
 */
final class Mailbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final int capacity;

    // Guarded by lock.
    private final ArrayDeque<Signal> signals = new ArrayDeque<>();
    private boolean closed;

    Mailbox(int capacity) {
        Checks.check(capacity >= 1, "capacity must be at least 1, was %d", capacity);
        this.capacity = capacity;
    }

    void put(Signal signal) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (signals.size() < capacity) {
                signals.add(signal);
            } else {
                signals.clear();
                signals.add(new Signal.WindowExceeded());
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    Signal take() throws InterruptedException {
        lock.lock();
        try {
            while (signals.isEmpty()) {
                arrived.await();
            }
            return signals.remove();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            signals.clear();
        } finally {
            lock.unlock();
        }
    }
}
