package dev.reprise.tokenizer;

/** Takes the pieces of a text in order. */
@FunctionalInterface
interface PieceSink {
    /** The piece {@code text[from, to)}, well-formed UTF-8, not empty; the array may be reused after the call. */
    void accept(byte[] text, int from, int to);
}
