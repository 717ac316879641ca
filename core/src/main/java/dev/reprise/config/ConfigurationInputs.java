package dev.reprise.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration is resolved from.
 *
 * @param file the configuration file
 * @param environment all environment variables of the process
 * @param flags the given flags, each at most once
 */
public record ConfigurationInputs(Optional<Path> file, Map<String, String> environment, List<FlagValue> flags) {
    /** The environment variable that names the configuration file, when no flag does. */
    public static final String FILE_VARIABLE = "REPRISE_CONFIG";

    /** Copies the collections. */
    public ConfigurationInputs {
        environment = Map.copyOf(environment);
        flags = List.copyOf(flags);
    }
}
