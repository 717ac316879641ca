package dev.reprise.config;

/**
 * How the values of a setting are written, and which are allowed. Immutable.
 *
 * @param <T> the type of a parsed value
 */
public interface SettingType<T> {
    /** The type's name in messages and in the reference page, as in {@code duration}. */
    String name();

    /** What is allowed, as a phrase that completes "give …": {@code "an integer from 0 to 65535"}. */
    String allowed();

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException when the text is not an allowed value; the message says what is wrong with it,
     *     without repeating it
     */
    T parse(String text);

    /** Writes a value so that {@link #parse} reads it back. */
    String format(T value);
}
