package dev.reprise.identity;

/** The rule that all names of this package obey. */
final class Names {
    private static final int MAX_LENGTH = 256;

    private Names() {}

    static void check(String type, String value) {
        if (value.isBlank() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "%s must be 1 to %d characters and not blank, was '%s'".formatted(type, MAX_LENGTH, value));
        }
    }
}
