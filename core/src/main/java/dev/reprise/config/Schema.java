package dev.reprise.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All settings, in the order of the reference page. Immutable. */
public final class Schema {
    private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();

    /** Refuses two settings with one key, or with one flag of the same verb. */
    public Schema(List<Setting<?>> settings) {
        Set<String> flags = new HashSet<>();
        for (Setting<?> setting : settings) {
            if (byKey.put(setting.key(), setting) != null) {
                throw new IllegalArgumentException("two settings are called " + setting.key());
            }
            for (Flag flag : setting.flags()) {
                if (!flags.add(setting.verb() + flag.name())) {
                    throw new IllegalArgumentException("two settings of a verb have the flag " + flag.name());
                }
            }
        }
    }

    /** All settings in order. */
    public List<Setting<?>> settings() {
        return List.copyOf(byKey.values());
    }

    /** The settings whose flags {@code verb} takes, in order. */
    public List<Setting<?>> settings(Verb verb) {
        return byKey.values().stream().filter(s -> s.verb() == verb).toList();
    }

    /** The setting called {@code key}. */
    Optional<Setting<?>> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Keys in order. */
    Set<String> keys() {
        return byKey.keySet();
    }
}
