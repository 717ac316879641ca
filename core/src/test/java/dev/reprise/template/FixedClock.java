package dev.reprise.template;

import dev.reprise.runtime.Clock;
import java.time.Instant;

/** A clock that stands still. */
record FixedClock(Instant now) implements Clock {
    /** When the shared renders were recorded. */
    static final FixedClock RECORDING = new FixedClock(Instant.parse("2026-03-04T05:06:07.089Z"));

    @Override
    public long nanos() {
        return 0;
    }
}
