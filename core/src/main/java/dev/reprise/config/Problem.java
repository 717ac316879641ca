package dev.reprise.config;

/**
 * One thing wrong with the given configuration.
 *
 * @param message what is wrong, naming the setting, its value and where it was given
 * @param remedy what to do instead
 */
public record Problem(String message, String remedy) {
    @Override
    public String toString() {
        return message + "; " + remedy;
    }
}
