package dev.reprise.tokenizer;

/** A tokenizer's files cannot be used. The message names the file, the place in it and what would help. */
public abstract sealed class TokenizerLoadException extends RuntimeException
        permits TokenizerFormatException, UnsupportedTokenizerException {
    private static final long serialVersionUID = 1L;

    TokenizerLoadException(String message) {
        super(message);
    }
}
