package dev.reprise.tokenizer;

/** A tokenizer file asks for something that is not implemented; it is refused rather than approximated. */
public final class UnsupportedTokenizerException extends TokenizerLoadException {
    private static final long serialVersionUID = 1L;

    /** Names the file, the place and the feature. */
    public UnsupportedTokenizerException(String message) {
        super(message);
    }
}
