package dev.reprise.tokenizer;

/** A regular expression that cannot be matched exactly; the loader adds file and place. */
final class UnsupportedPatternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedPatternException(String construct) {
        super(construct);
    }
}
