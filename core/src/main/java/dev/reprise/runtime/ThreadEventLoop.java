package dev.reprise.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EventLoop} on one platform thread.
 *
 * <p>Problem: tasks come from many threads, timers from the loop itself, and a producer that outruns the loop must be
 * told so rather than fill the heap. Mechanism: one lock guards an array ring of ready tasks and a heap of timers; the
 * thread takes everything that is ready in one go and runs it outside the lock. The ring is bounded: when it is full,
 * {@link #execute} throws {@link RejectedExecutionException}, except on the loop itself, whose own follow-up work would
 * otherwise be lost half-way. Timers are bounded by the same count.
 *
 * <p>Any thread may call. What was accepted before {@link #close} runs; what comes after is rejected. Timers still
 * waiting at close do not run.
 */
public final class ThreadEventLoop implements EventLoop, AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Clock clock = new SystemClock();
    private final Consumer<Throwable> failureHandler;
    private final int capacity;
    private final Thread thread;
    private final AtomicInteger timerOrder = new AtomicInteger();

    // Guarded by lock.
    private List<Runnable> ready = new ArrayList<>();
    private List<Runnable> spare = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private boolean closed;

    /**
     * Starts the loop's thread.
     *
     * @param name the thread's name
     * @param capacity tasks that may wait, ≥ 1; beyond it {@link #execute} rejects
     * @param failureHandler told of every exception that escapes a task; runs on the loop
     */
    public ThreadEventLoop(String name, int capacity, Consumer<Throwable> failureHandler) {
        Checks.check(capacity >= 1, "capacity must be at least 1, was %d", capacity);
        this.capacity = capacity;
        this.failureHandler = failureHandler;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException("event loop " + thread.getName() + " is closed");
            }
            if (ready.size() >= capacity && !inLoop()) {
                throw new RejectedExecutionException(
                        "event loop " + thread.getName() + " is full: " + capacity + " tasks wait");
            }
            ready.add(task);
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Registration schedule(long delayNanos, Runnable task) {
        Timer timer = new Timer(clock.nanos() + Math.max(0, delayNanos), timerOrder.getAndIncrement(), task);
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException("event loop " + thread.getName() + " is closed");
            }
            if (timers.size() >= capacity && !inLoop()) {
                throw new RejectedExecutionException(
                        "event loop " + thread.getName() + " is full: " + capacity + " timers wait");
            }
            timers.add(timer);
            wake.signal();
        } finally {
            lock.unlock();
        }
        return () -> cancel(timer);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** Runs what was accepted, then ends the thread. Waits for it unless called on the loop itself. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
        if (inLoop()) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            // The loop ends by itself; only the wait was cut short.
            Thread.currentThread().interrupt();
        }
    }

    private void cancel(Timer timer) {
        lock.lock();
        try {
            timers.remove(timer);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<Runnable> batch;
        while ((batch = take()) != null) {
            for (Runnable task : batch) {
                runOne(task);
            }
            batch.clear();
        }
    }

    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            // Last resort of the loop: the task's owner is in an unknown state, the loop is not.
            failureHandler.accept(failure);
        }
    }

    /** The tasks that may run now, in order; null when the loop is closed and empty. */
    @Nullable
    private List<Runnable> take() {
        lock.lock();
        try {
            while (true) {
                long now = clock.nanos();
                while (!timers.isEmpty() && timers.peek().dueNanos - now <= 0) {
                    ready.add(timers.remove().task);
                }
                if (!ready.isEmpty()) {
                    List<Runnable> batch = ready;
                    ready = spare;
                    spare = batch;
                    return batch;
                }
                if (closed) {
                    return null;
                }
                await(now);
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // take() loops around it
    private void await(long nowNanos) {
        try {
            if (timers.isEmpty()) {
                wake.await();
            } else {
                long ignored = wake.awaitNanos(timers.peek().dueNanos - nowNanos);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread on purpose: the loop only ends by close().
        }
    }

    private static final class Timer implements Comparable<Timer> {
        final long dueNanos;
        final int order;
        final Runnable task;

        Timer(long dueNanos, int order, Runnable task) {
            this.dueNanos = dueNanos;
            this.order = order;
            this.task = task;
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.signum(dueNanos - other.dueNanos);
            return byTime != 0 ? byTime : Integer.signum(order - other.order);
        }
    }
}
