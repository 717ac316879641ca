package dev.reprise.server;

import dev.reprise.runtime.Registration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bounds how many generation requests are open and knows when the last has ended. Thread-safe. */
final class OpenRequests {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final int limit;

    // Guarded by lock.
    private int open;
    private boolean draining;

    OpenRequests(int limit) {
        this.limit = limit;
    }

    sealed interface Entry {
        /** Close the place at the request's end. */
        record Admitted(Registration place) implements Entry {}

        record Full(int limit) implements Entry {}

        record Draining() implements Entry {}
    }

    Entry enter() {
        lock.lock();
        try {
            if (draining) {
                return new Entry.Draining();
            }
            if (open >= limit) {
                return new Entry.Full(limit);
            }
            open++;
        } finally {
            lock.unlock();
        }
        AtomicBoolean left = new AtomicBoolean();
        return new Entry.Admitted(() -> {
            if (left.compareAndSet(false, true)) {
                leave();
            }
        });
    }

    void drain() {
        lock.lock();
        try {
            draining = true;
            if (open == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isDraining() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is open; false when {@code nanos} passed before. */
    boolean awaitIdle(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (open > 0) {
                if (left <= 0) {
                    return false;
                }
                left = idle.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            open--;
            if (open == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
