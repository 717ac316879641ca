package dev.reprise.engine.local.model.kernel;

import dev.reprise.runtime.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The process's budget of compute threads, shared by every model runner in it.
 *
 * <p>A caller takes a {@link #turn}, and within it runs regions: tasks 0 to n − 1, each exactly once, by the caller and
 * the pool's helpers together. One turn is held at a time, so no more than {@link #threads} threads ever compute.
 * Turns are granted in the order they were asked for; a long computation gives its turn back now and then.
 *
 * <p>What is lost when a task throws: the tasks not yet begun are skipped, the first exception reaches the caller.
 *
 * <p>Helpers look for the next region for some microseconds after one ended, because a model's step is hundreds of
 * short regions; then they park. An idle pool uses no CPU time.
 */
public final class ComputePool implements AutoCloseable {
    private static final int SPINS_BEFORE_PARKING = 400;

    private final int threads;
    private final List<Helper> helpers = new ArrayList<>();
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile @Nullable Region region;
    private volatile boolean closed;

    /** A pool of {@code threads} ≥ 1, the caller of a region included. */
    public ComputePool(int threads) {
        Checks.check(threads >= 1, "threads must be at least 1, was %d", threads);
        this.threads = threads;
        for (int slot = 1; slot < threads; slot++) {
            Helper helper = new Helper(slot);
            helpers.add(helper);
            helper.thread.start();
        }
    }

    /** One task of a region. */
    @FunctionalInterface
    public interface Task {
        /**
         * Computes task {@code index}.
         *
         * @param slot which of the pool's threads runs it, 0 to {@link ComputePool#threads} − 1: the index of scratch
         *     memory that no other task uses meanwhile
         */
        void run(int index, int slot) throws Exception;
    }

    /** The right to compute. Close it on the thread that took it. */
    public final class Turn implements AutoCloseable {
        private Turn() {}

        /**
         * Runs tasks 0 to {@code tasks} − 1 and returns when all have ended.
         *
         * @throws Exception the first that a task threw
         */
        public void run(int tasks, Task task) throws Exception {
            if (tasks == 1 || helpers.isEmpty()) {
                for (int index = 0; index < tasks; index++) {
                    task.run(index, 0);
                }
            } else {
                runShared(new Region(tasks, task));
            }
        }

        private void runShared(Region shared) throws Exception {
            shared.caller = Thread.currentThread();
            region = shared;
            int wanted = Math.min(shared.tasks - 1, helpers.size());
            for (int i = 0; i < wanted; i++) {
                helpers.get(i).wake();
            }
            shared.work(0);
            shared.awaitEnd();
            region = null;
            Throwable failure = shared.failure.get();
            if (failure instanceof Exception exception) {
                throw exception;
            }
            if (failure instanceof Error error) {
                throw error;
            }
        }

        /** Lets others who wait for a turn go first, if there are any. */
        public void yieldToOthers() {
            if (turn.hasQueuedThreads()) {
                turn.unlock();
                turn.lock();
            }
        }

        @Override
        public void close() {
            turn.unlock();
        }
    }

    /** Waits for the right to compute. */
    public Turn turn() {
        Checks.check(!closed, "the compute pool is closed");
        turn.lock();
        return new Turn();
    }

    /** The budget. */
    public int threads() {
        return threads;
    }

    /** Ends the helpers. Idempotent; nobody may hold or take a turn any more. */
    @Override
    public void close() {
        closed = true;
        for (Helper helper : helpers) {
            LockSupport.unpark(helper.thread);
        }
    }

    /** One set of tasks. Helpers that come late find nothing left to take. */
    private static final class Region {
        private final int tasks;
        private final Task task;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private @Nullable Thread caller;

        Region(int tasks, Task task) {
            this.tasks = tasks;
            this.task = task;
        }

        /** Takes tasks until none is left. */
        void work(int slot) {
            int index = taken.getAndIncrement();
            while (index < tasks) {
                runOne(index, slot);
                if (ended.incrementAndGet() == tasks && slot != 0) {
                    LockSupport.unpark(caller);
                }
                index = taken.getAndIncrement();
            }
        }

        @SuppressWarnings("CatchingUnchecked") // A helper must outlive every task; the caller gets the failure.
        private void runOne(int index, int slot) {
            if (failure.get() != null) {
                return;
            }
            try {
                task.run(index, slot);
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        }

        void awaitEnd() {
            boolean interrupted = false;
            for (int spins = 0; ended.get() < tasks; spins++) {
                if (spins < SPINS_BEFORE_PARKING) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A thread that helps with regions. */
    private final class Helper implements Runnable {
        private final int slot;
        private final Thread thread;
        private volatile boolean parked;

        Helper(int slot) {
            this.slot = slot;
            this.thread =
                    Thread.ofPlatform().daemon().name("reprise-compute-" + slot).unstarted(this);
        }

        void wake() {
            // The helper sets parked before it looks at region for the last time; region was set before this read.
            if (parked) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void run() {
            Region last = null;
            int spins = 0;
            while (!closed) {
                Region next = region;
                if (next == null) {
                    last = null;
                }
                if (next != null && next != last) {
                    parked = false;
                    next.work(slot);
                    last = next;
                    spins = 0;
                } else if (++spins < SPINS_BEFORE_PARKING) {
                    Thread.onSpinWait();
                } else if (parked) {
                    LockSupport.park(ComputePool.this);
                } else {
                    parked = true;
                }
            }
        }
    }
}
