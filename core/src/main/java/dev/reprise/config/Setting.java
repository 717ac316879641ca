package dev.reprise.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One declared setting. Immutable.
 *
 * @param <T> the type of its value
 * @param key the path in the file, as in {@code server.port}: a section and a name, in snake case
 * @param type how values are written
 * @param verb which verb takes its flags
 * @param meaning one or two sentences, units named
 * @param defaultValue empty when an absent value is derived or means "none"; the meaning says which
 * @param flags the spellings on the command line
 * @param secret whether the value must never be printed
 */
public record Setting<T>(
        String key,
        SettingType<T> type,
        Verb verb,
        String meaning,
        Optional<T> defaultValue,
        List<Flag> flags,
        boolean secret) {
    /** Prefix of all environment names. */
    public static final String ENVIRONMENT_PREFIX = "REPRISE_";

    /** Checks the shape of the key. */
    public Setting {
        if (!key.matches("[a-z]+\\.[a-z0-9_]+")) {
            throw new IllegalArgumentException("key must be section.name in snake case, was '" + key + "'");
        }
        flags = List.copyOf(flags);
    }

    static <T> Setting<T> of(Verb verb, String key, SettingType<T> type, String meaning) {
        return new Setting<>(key, type, verb, meaning, Optional.empty(), List.of(), false);
    }

    Setting<T> withDefault(T value) {
        return new Setting<>(key, type, verb, meaning, Optional.of(value), flags, secret);
    }

    Setting<T> withFlag(String name) {
        return with(Flag.withValue(name));
    }

    Setting<T> withSwitch(String name, String standsFor) {
        return with(Flag.standingFor(name, standsFor));
    }

    Setting<T> asSecret() {
        return new Setting<>(key, type, verb, meaning, defaultValue, flags, true);
    }

    private Setting<T> with(Flag flag) {
        List<Flag> more = new ArrayList<>(flags);
        more.add(flag);
        return new Setting<>(key, type, verb, meaning, defaultValue, more, secret);
    }

    /** The first part of the key. */
    public String section() {
        return key.substring(0, key.indexOf('.'));
    }

    /** The name of the environment variable that gives this setting. */
    public String environmentName() {
        return ENVIRONMENT_PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
