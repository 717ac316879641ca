package dev.reprise.openai;

import java.util.List;

/**
 * One token's log probability.
 *
 * @param token its text
 * @param bytes its bytes, also where they are no whole character
 * @param logprob natural logarithm; below −9999 is written as −9999, which JSON can hold
 * @param top the most likely tokens at this place, most likely first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenLogprob(String token, byte[] bytes, double logprob, List<TokenLogprob> top) {
    private static final double LOWEST = -9_999;

    /** Clamps the value, copies the list. */
    public TokenLogprob {
        logprob = logprob >= LOWEST ? logprob : LOWEST;
        top = List.copyOf(top);
    }
}
