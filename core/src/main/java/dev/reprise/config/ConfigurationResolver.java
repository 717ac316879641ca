package dev.reprise.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Resolves settings: flags win over the environment, that over the file, that over the defaults.
 *
 * <p>Every given value is checked, also one that another source overrides, and all problems are reported together.
 * An empty environment variable counts as not set. Immutable; callable from any thread.
 */
public final class ConfigurationResolver {
    /** Variables with our prefix that are not settings: all but the first are the start script's. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            ConfigurationInputs.FILE_VARIABLE,
            "REPRISE_JAVA_HOME",
            "REPRISE_JAVA_OPTS",
            "REPRISE_JDK_FOLDERS",
            "REPRISE_MAVEN_FILES");

    private final Schema schema;

    /** Resolves the settings of {@code schema}. */
    public ConfigurationResolver(Schema schema) {
        this.schema = schema;
    }

    /** Resolves {@code inputs}. Reads the configuration file. */
    public Resolution resolve(ConfigurationInputs inputs) {
        List<Problem> problems = new ArrayList<>();
        List<RawValue> given = new ArrayList<>();
        inputs.file().ifPresent(file -> given.addAll(new YamlSource(file, inputs.environment(), problems).read()));
        given.addAll(fromEnvironment(inputs.environment(), problems));
        inputs.flags()
                .forEach(flag -> given.add(
                        new RawValue(flag.setting().key(), flag.text(), new Origin.CommandLine(flag.name()))));

        Map<String, Configuration.Entry<?>> effective = parse(given, problems);
        if (!problems.isEmpty()) {
            return new Resolution.Invalid(problems);
        }
        List<Configuration.Entry<?>> entries = new ArrayList<>();
        for (Setting<?> setting : schema.settings()) {
            Configuration.Entry<?> entry = effective.get(setting.key());
            entries.add(entry == null ? defaultEntry(setting) : entry);
        }
        return new Resolution.Valid(Configuration.of(entries, inputs.file()));
    }

    private List<RawValue> fromEnvironment(Map<String, String> environment, List<Problem> problems) {
        Map<String, Setting<?>> byVariable = new HashMap<>();
        schema.settings().forEach(setting -> byVariable.put(setting.environmentName(), setting));
        List<RawValue> values = new ArrayList<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            Setting<?> setting = byVariable.get(name);
            if (setting != null && !variable.getValue().isEmpty()) {
                values.add(new RawValue(setting.key(), variable.getValue(), new Origin.Environment(name)));
            } else if (setting == null && isMistaken(name, variable.getValue())) {
                problems.add(new Problem(
                        "unknown environment variable " + name, suggestion(name, byVariable.keySet(), "unset it")));
            }
        }
        return values;
    }

    /** Kubernetes gives each container variables named after services, which may be called reprise too. */
    private static boolean isMistaken(String name, String value) {
        boolean serviceLink = value.startsWith("tcp://") || name.matches(".*_(SERVICE_(HOST|PORT.*)|PORT_\\d+_TCP.*)");
        return name.startsWith(Setting.ENVIRONMENT_PREFIX) && !OTHER_VARIABLES.contains(name) && !serviceLink;
    }

    /** The last valid value of each setting; {@code given} is in ascending order of precedence. */
    private Map<String, Configuration.Entry<?>> parse(List<RawValue> given, List<Problem> problems) {
        Map<String, Configuration.Entry<?>> effective = new HashMap<>();
        Map<String, Origin.FileLine> seenInFile = new HashMap<>();
        for (RawValue raw : given) {
            Optional<Setting<?>> setting = schema.find(raw.key());
            if (setting.isEmpty()) {
                problems.add(new Problem(
                        raw.origin() + ": unknown key " + raw.key(),
                        suggestion(raw.key(), schema.keys(), "remove it")));
                continue;
            }
            if (raw.origin() instanceof Origin.FileLine line) {
                Origin.FileLine first = seenInFile.putIfAbsent(raw.key(), line);
                if (first != null) {
                    problems.add(new Problem(
                            raw.origin() + ": " + raw.key() + " was given before, at line " + first.line(),
                            "remove one of them"));
                }
            }
            parseOne(setting.get(), raw, problems).ifPresent(entry -> effective.put(raw.key(), entry));
        }
        return effective;
    }

    private static <T> Optional<Configuration.Entry<T>> parseOne(
            Setting<T> setting, RawValue raw, List<Problem> problems) {
        try {
            T value = setting.type().parse(raw.text());
            return Optional.of(new Configuration.Entry<>(setting, Optional.of(value), raw.origin()));
        } catch (IllegalArgumentException e) {
            String shown = setting.secret() ? "the given value" : "'" + raw.text() + "'";
            problems.add(new Problem(
                    "%s (%s): %s %s".formatted(setting.key(), raw.origin(), shown, e.getMessage()),
                    "give " + setting.type().allowed()));
            return Optional.empty();
        }
    }

    private static <T> Configuration.Entry<T> defaultEntry(Setting<T> setting) {
        return new Configuration.Entry<>(setting, setting.defaultValue(), new Origin.Default());
    }

    private static String suggestion(String written, Set<String> candidates, String otherwise) {
        return NearestMatch.of(written, candidates)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse(otherwise);
    }
}
