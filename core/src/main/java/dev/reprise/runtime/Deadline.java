package dev.reprise.runtime;

import java.time.Duration;

/** A point in {@link Clock#nanos} time after which an answer is of no use. */
public record Deadline(long atNanos) {
    /** No deadline within any process's life: 292 years from the clock's origin. */
    public static final Deadline NONE = new Deadline(Long.MAX_VALUE);

    /** The moment {@code timeout} from the clock's now. */
    public static Deadline after(Clock clock, Duration timeout) {
        return new Deadline(clock.nanos() + timeout.toNanos());
    }

    /** Whether the deadline is past at {@code nowNanos}. */
    public boolean isPast(long nowNanos) {
        return atNanos != Long.MAX_VALUE && nowNanos - atNanos >= 0;
    }
}
