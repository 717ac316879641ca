package dev.reprise.sim;

import dev.reprise.engine.local.Step;
import dev.reprise.engine.local.model.StepBatch;
import dev.reprise.runtime.Checks;
import java.time.Duration;

/**
 * How long a scripted engine's steps take.
 *
 * @param step every step, ≥ 0
 * @param prefillToken for each row of a segment of several rows, ≥ 0
 * @param decodeToken for each row that stands alone, ≥ 0
 */
public record ScriptedTiming(Duration step, Duration prefillToken, Duration decodeToken) {
    /** 1 ms for a step, 100 µs for a prompt token, 1 ms for a generated one. */
    public static final ScriptedTiming DEFAULT =
            new ScriptedTiming(Duration.ofMillis(1), Duration.ofNanos(100_000), Duration.ofMillis(1));

    /** Checks ranges. */
    public ScriptedTiming {
        Checks.check(!step.isNegative(), "step must be at least 0, was %s", step);
        Checks.check(!prefillToken.isNegative(), "prefillToken must be at least 0, was %s", prefillToken);
        Checks.check(!decodeToken.isNegative(), "decodeToken must be at least 0, was %s", decodeToken);
    }

    long nanos(Step planned) {
        long nanos = step.toNanos();
        for (StepBatch.Segment segment : planned.batch().segments()) {
            int rows = segment.tokens().length;
            nanos += rows * (rows == 1 ? decodeToken : prefillToken).toNanos();
        }
        return nanos;
    }
}
