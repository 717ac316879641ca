package dev.reprise.openai;

import java.util.List;
import java.util.Optional;

/**
 * An answer, or the next piece of one.
 *
 * @param index which of the request's answers
 * @param text the text, of this piece alone
 * @param textOffset how many characters of tokens' texts came before this piece
 * @param logprobs one for each token, when asked for
 * @param ending absent while more will come
 * @param tokenIds the output's token ids, when asked for
 * @param promptTokenIds the prompt's, when asked for, with the first piece
 */
public record Choice(
        int index,
        String text,
        int textOffset,
        Optional<List<TokenLogprob>> logprobs,
        Optional<Ending> ending,
        Optional<int[]> tokenIds,
        Optional<int[]> promptTokenIds) {
    /** Whether it says nothing that a client of a chat would see. */
    public boolean isEmpty() {
        return text.isEmpty() && logprobs.isEmpty() && ending.isEmpty() && tokenIds.isEmpty();
    }
}
