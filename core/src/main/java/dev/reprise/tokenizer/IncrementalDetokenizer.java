package dev.reprise.tokenizer;

/** Turns a growing token sequence into growing text, whole characters only. Not thread-safe. */
public interface IncrementalDetokenizer {
    /** The text that became certain with this token; empty while a character is incomplete. */
    String append(int tokenId);

    /** What was held back at the end of the stream: an incomplete character becomes U+FFFD. */
    String finish();
}
