package dev.reprise.config;

import java.util.Optional;

/**
 * A command-line spelling of a setting.
 *
 * @param name with its dashes, as in {@code --port}
 * @param implied the value that the bare flag stands for; empty when the flag takes a value
 */
public record Flag(String name, Optional<String> implied) {
    /** Checks the dashes. */
    public Flag {
        if (!name.startsWith("--")) {
            throw new IllegalArgumentException("flag must start with --, was '" + name + "'");
        }
    }

    /** A flag followed by its value. */
    static Flag withValue(String name) {
        return new Flag(name, Optional.empty());
    }

    /** A flag that stands alone for {@code value}. */
    static Flag standingFor(String name, String value) {
        return new Flag(name, Optional.of(value));
    }
}
