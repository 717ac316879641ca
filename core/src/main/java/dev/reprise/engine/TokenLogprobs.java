package dev.reprise.engine;

import java.util.List;

/**
 * Natural logarithms of the model's own probabilities, before temperature and filters.
 *
 * @param chosen the token that was chosen
 * @param top the most likely tokens, most likely first; as many as were asked for
 */
public record TokenLogprobs(Entry chosen, List<Entry> top) {
    /** Copies the list. */
    public TokenLogprobs {
        top = List.copyOf(top);
    }

    /**
     * One token's log probability.
     *
     * @param tokenId the token
     * @param logprob ≤ 0
     * @param rank 1 for the most likely token
     */
    public record Entry(int tokenId, float logprob, int rank) {}
}
