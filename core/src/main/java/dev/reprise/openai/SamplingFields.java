package dev.reprise.openai;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the client wants tokens chosen; what is absent is the model's default.
 *
 * @param temperature 0 (greedy) to 100
 * @param topP (0, 1]
 * @param topK 0 keeps all; −1 on the wire is read as 0
 * @param seed makes sampling repeatable
 */
public record SamplingFields(OptionalDouble temperature, OptionalDouble topP, OptionalInt topK, OptionalLong seed) {
    private static final double MAX_TEMPERATURE = 100;

    static SamplingFields read(Fields fields) {
        OptionalInt topK = fields.integer("top_k", -1, Integer.MAX_VALUE);
        return new SamplingFields(
                fields.number("temperature", 0, true, MAX_TEMPERATURE),
                fields.number("top_p", 0, false, 1),
                topK.isPresent() ? OptionalInt.of(Math.max(0, topK.getAsInt())) : topK,
                fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE));
    }
}
