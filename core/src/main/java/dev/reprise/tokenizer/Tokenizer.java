package dev.reprise.tokenizer;

import dev.reprise.tokens.TokenIds;

/** Text to token ids and back, as the model's reference tokenizer does it. Immutable, thread-safe. */
public interface Tokenizer {
    /**
     * Encodes {@code text}. Special tokens written in the text become their ids, as in Hugging Face's tokenizers.
     *
     * @param addSpecialTokens let the post-processor add what the model expects around a text, such as a begin token
     */
    TokenIds encode(String text, boolean addSpecialTokens);

    /** Decodes {@code tokens}; byte sequences that are not UTF-8 become U+FFFD. */
    String decode(TokenIds tokens, boolean skipSpecialTokens);

    /** A decoder for a stream of tokens; not thread-safe. */
    IncrementalDetokenizer detokenizer(boolean skipSpecialTokens);

    /** Ids are below this; ids of added tokens included. */
    int vocabularySize();

    /** The token as the vocabulary writes it, for {@code /tokenize} and log probabilities' bytes. */
    String tokenText(int tokenId);

    /** The bytes that the token alone stands for, for {@code logprobs.content[].bytes}. */
    byte[] tokenBytes(int tokenId);
}
