package dev.reprise.runtime;

import java.time.Instant;

/** The machine's clock. */
public final class SystemClock implements Clock {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }
}
