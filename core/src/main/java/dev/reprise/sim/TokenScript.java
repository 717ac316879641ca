package dev.reprise.sim;

import dev.reprise.engine.EngineRequest;
import dev.reprise.runtime.RandomSource;
import dev.reprise.tokens.TokenIds;

/** What a scripted engine answers. */
@FunctionalInterface
public interface TokenScript {
    /** The token at {@code outputIndex} (≥ 0) of the answer to {@code request}; the same for the same arguments. */
    int token(EngineRequest request, int outputIndex);

    /** Answers that depend on the whole prompt and the seed, with ids below {@code vocabularySize}. */
    static TokenScript ofPrompt(int vocabularySize) {
        return (request, outputIndex) -> {
            long mixed = 31L * request.prompt().hashCode()
                    + request.sampling().seed().orElse(0);
            return new RandomSource(mixed + 0x5851F42D4C957F2DL * outputIndex).nextInt(vocabularySize);
        };
    }

    /** Always {@code answer}, from its beginning again when it ends. */
    static TokenScript always(TokenIds answer) {
        return (request, outputIndex) -> answer.get(outputIndex % answer.size());
    }
}
