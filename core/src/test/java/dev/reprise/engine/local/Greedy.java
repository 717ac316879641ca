package dev.reprise.engine.local;

import java.util.Optional;

/** The most likely token, the first of equals. */
public final class Greedy implements TokenChooser {
    @Override
    public Choice choose(Step.Row row, float[] logits, int from, int vocabularySize) {
        int best = 0;
        for (int i = 1; i < vocabularySize; i++) {
            best = logits[from + i] > logits[from + best] ? i : best;
        }
        return new Choice(best, Optional.empty());
    }
}
