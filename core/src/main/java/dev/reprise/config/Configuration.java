package dev.reprise.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Valid settings, each with its source. Immutable. */
public final class Configuration {
    private static final String REDACTED = "(redacted)";
    private static final String UNSET = "(none)";

    private final Map<Setting<?>, Entry<?>> entries;
    private final Optional<Path> file;

    private Configuration(Map<Setting<?>, Entry<?>> entries, Optional<Path> file) {
        this.entries = entries;
        this.file = file;
    }

    /**
     * One setting's value.
     *
     * @param <T> the type of the value
     * @param setting the setting
     * @param value empty when it was not given and has no default
     * @param origin where the value came from
     */
    public record Entry<T>(Setting<T> setting, Optional<T> value, Origin origin) {
        /** The value as people may see it: secrets redacted. */
        public String shown() {
            if (value.isEmpty()) {
                return UNSET;
            }
            return setting.secret() ? REDACTED : setting.type().format(value.get());
        }
    }

    static Configuration of(List<Entry<?>> entries, Optional<Path> file) {
        Map<Setting<?>, Entry<?>> bySetting = new LinkedHashMap<>();
        entries.forEach(entry -> bySetting.put(entry.setting(), entry));
        return new Configuration(bySetting, file);
    }

    /** The value of a setting that has a default. */
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new IllegalArgumentException(setting.key() + " has no default: use find"));
    }

    /** The value of a setting, if one was given or is the default. */
    public <T> Optional<T> find(Setting<T> setting) {
        return entry(setting).value();
    }

    /** Value and source of a setting. */
    public <T> Entry<T> entry(Setting<T> setting) {
        Entry<?> entry = entries.get(setting);
        if (entry == null) {
            throw new IllegalArgumentException(setting.key() + " is not in the schema");
        }
        @SuppressWarnings("unchecked") // an entry is stored under its own setting
        Entry<T> typed = (Entry<T>) entry;
        return typed;
    }

    /** All entries, in the order of the schema. */
    public List<Entry<?>> entries() {
        return List.copyOf(entries.values());
    }

    /** The file that was read. */
    public Optional<Path> file() {
        return file;
    }
}
