package dev.reprise.server;

import dev.reprise.engine.SamplingOptions;
import dev.reprise.openai.SamplingFields;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the model's generation_config.json says where a request says nothing.
 *
 * @param temperature 0 to 100; 0 where the model's default is not to sample
 * @param topP (0, 1]
 * @param topK 0 keeps all
 */
public record DefaultSampling(double temperature, double topP, int topK) {
    /** What holds without a generation_config.json. */
    public static final DefaultSampling NEUTRAL = new DefaultSampling(1.0, 1.0, 0);

    /** Checks ranges. */
    public DefaultSampling {
        new SamplingOptions(temperature, topP, topK, OptionalLong.empty(), OptionalInt.empty());
    }

    /** The options of choice number {@code choice} of a prompt; each gets a seed of its own. */
    SamplingOptions resolve(SamplingFields fields, OptionalInt logprobs, int choice) {
        OptionalLong seed =
                fields.seed().isPresent() ? OptionalLong.of(fields.seed().getAsLong() + choice) : OptionalLong.empty();
        return new SamplingOptions(
                fields.temperature().orElse(temperature),
                fields.topP().orElse(topP),
                fields.topK().orElse(topK),
                seed,
                logprobs);
    }
}
