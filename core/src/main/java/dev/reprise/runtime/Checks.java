package dev.reprise.runtime;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;

/** Invariants that stay on in production. A failed check is a programmer's error: the component's state may be wrong. */
public final class Checks {
    private Checks() {}

    /**
     * Throws unless {@code condition} holds. The message is only formatted on failure.
     *
     * @throws InvariantViolation when the condition is false
     */
    @FormatMethod
    public static void check(boolean condition, @FormatString String message, Object... arguments) {
        if (!condition) {
            throw new InvariantViolation(message.formatted(arguments));
        }
    }
}
