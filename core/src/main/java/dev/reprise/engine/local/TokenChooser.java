package dev.reprise.engine.local;

/** Chooses tokens from logits. Called by the engine's thread alone. */
@FunctionalInterface
public interface TokenChooser {
    /**
     * The token that continues {@code row}. Depends on the row's sampling options, seed and output index and on its
     * logits alone, so that a sequence computed again continues the same.
     *
     * @param logits holds the row's logits at [{@code from}, {@code from} + {@code vocabularySize}); only read
     */
    Choice choose(Step.Row row, float[] logits, int from, int vocabularySize);
}
