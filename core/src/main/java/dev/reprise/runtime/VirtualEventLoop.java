package dev.reprise.runtime;

import java.time.Instant;
import java.util.PriorityQueue;

/**
 * An {@link EventLoop} in virtual time: nothing runs until the owner advances it, and time jumps from event to event.
 *
 * <p>Tasks due at the same nanosecond run in the order they were given, so the same calls always give the same run. A
 * task that throws makes {@link #advance} throw: in a test or a simulation a failure must not pass unseen. Not
 * thread-safe: one thread owns the loop and everything on it.
 */
public final class VirtualEventLoop implements EventLoop {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Instant origin;
    private long nowNanos;
    private long order;
    private boolean running;

    /** A loop whose clock starts at zero nanoseconds, 1970-01-01T00:00:00Z. */
    public VirtualEventLoop() {
        this(Instant.EPOCH);
    }

    /** A loop whose clock starts at zero nanoseconds and at {@code origin} of wall-clock time. */
    public VirtualEventLoop(Instant origin) {
        this.origin = origin;
    }

    @Override
    public void execute(Runnable task) {
        events.add(new Event(nowNanos, order++, task));
    }

    @Override
    public Registration schedule(long delayNanos, Runnable task) {
        Event event = new Event(nowNanos + Math.max(0, delayNanos), order++, task);
        events.add(event);
        return () -> events.remove(event);
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public long nanos() {
                return nowNanos;
            }

            @Override
            public Instant now() {
                return origin.plusNanos(nowNanos);
            }
        };
    }

    @Override
    public boolean inLoop() {
        return running;
    }

    /** Runs everything due within the next {@code nanos} and leaves the clock there. */
    public void advance(long nanos) {
        long end = nowNanos + nanos;
        while (!events.isEmpty() && events.peek().dueNanos <= end) {
            step();
        }
        nowNanos = end;
    }

    /**
     * Runs until nothing is scheduled any more.
     *
     * @param maxEvents how many tasks may run before this is taken for an endless loop
     * @throws InvariantViolation when {@code maxEvents} ran and more are waiting
     */
    public void runUntilIdle(long maxEvents) {
        for (long ran = 0; !events.isEmpty(); ran++) {
            Checks.check(ran < maxEvents, "still busy after %d events at %d ns", maxEvents, nowNanos);
            step();
        }
    }

    private void step() {
        Event event = events.remove();
        nowNanos = event.dueNanos;
        running = true;
        try {
            event.task.run();
        } finally {
            running = false;
        }
    }

    private record Event(long dueNanos, long order, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
