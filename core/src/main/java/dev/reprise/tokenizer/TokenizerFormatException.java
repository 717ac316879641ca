package dev.reprise.tokenizer;

/** A tokenizer file is missing, is not JSON, or says something that no tokenizer can mean. */
public final class TokenizerFormatException extends TokenizerLoadException {
    private static final long serialVersionUID = 1L;

    /** Names the file, the place and the reason. */
    public TokenizerFormatException(String message) {
        super(message);
    }
}
