package dev.reprise.engine;

import dev.reprise.runtime.Checks;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How tokens are chosen.
 *
 * @param temperature 0 is greedy; else logits are divided by it, 0 to 100
 * @param topP keep the smallest set of most likely tokens whose probabilities reach this, (0, 1]
 * @param topK keep this many most likely tokens; 0 keeps all
 * @param seed makes the choice depend on the request alone; absent: the engine draws one
 * @param logprobs how many alternatives to report for each token; 0 reports the chosen token alone; absent: none
 */
public record SamplingOptions(double temperature, double topP, int topK, OptionalLong seed, OptionalInt logprobs) {
    /** The most likely token, no log probabilities. */
    public static final SamplingOptions GREEDY =
            new SamplingOptions(0.0, 1.0, 0, OptionalLong.empty(), OptionalInt.empty());

    /** Checks ranges. */
    public SamplingOptions {
        Checks.check(temperature >= 0 && temperature <= 100, "temperature must be 0 to 100, was %s", temperature);
        Checks.check(topP > 0 && topP <= 1, "topP must be in (0, 1], was %s", topP);
        Checks.check(topK >= 0, "topK must be at least 0, was %d", topK);
        Checks.check(logprobs.orElse(0) >= 0, "logprobs must be at least 0, was %s", logprobs);
    }
}
