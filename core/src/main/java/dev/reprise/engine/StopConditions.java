package dev.reprise.engine;

import dev.reprise.runtime.Checks;
import java.util.Set;

/**
 * When generation ends, in tokens. Stop strings are text: the frontend watches for them and cancels.
 *
 * @param maxTokens output tokens at most, ≥ 1
 * @param stopTokenIds end after generating one of these; the token is reported
 * @param ignoreEos go on past the model's end-of-sequence tokens
 */
public record StopConditions(int maxTokens, Set<Integer> stopTokenIds, boolean ignoreEos) {
    /** Checks ranges, copies the set. */
    public StopConditions {
        stopTokenIds = Set.copyOf(stopTokenIds);
        Checks.check(maxTokens >= 1, "maxTokens must be at least 1, was %d", maxTokens);
    }

    /** At most {@code maxTokens}, or the model's end-of-sequence token. */
    public static StopConditions maxTokens(int maxTokens) {
        return new StopConditions(maxTokens, Set.of(), false);
    }
}
