package dev.reprise.runtime;

import java.time.Instant;

/** The only source of time. Callable from any thread. */
public interface Clock {
    /** Monotonic time in nanoseconds from an arbitrary origin. Read once per step and pass down. */
    long nanos();

    /** Wall-clock time, for logs and wire timestamps only. */
    Instant now();
}
