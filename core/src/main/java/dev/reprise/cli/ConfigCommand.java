package dev.reprise.cli;

import dev.reprise.config.Configuration;
import dev.reprise.config.Flag;
import dev.reprise.config.Problem;
import dev.reprise.config.Resolution;
import dev.reprise.config.Schema;
import dev.reprise.config.ServeRules;
import dev.reprise.config.Verb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code reprise config}: checks the configuration and prints it. */
final class ConfigCommand implements VerbCommand {
    private static final String EXPLAIN = "--explain";
    private static final String JSON = "--json";

    private final ConfigurationFlags flags;

    ConfigCommand(Schema schema, Map<String, String> environment) {
        this.flags = new ConfigurationFlags(schema, Verb.SERVE, environment);
    }

    @Override
    public String name() {
        return "config";
    }

    @Override
    public String summary() {
        return "Checks the configuration and prints every setting's value; secrets are redacted.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "reprise config",
                "reprise config --explain",
                "reprise config --config reprise.yaml --port 9000 --explain",
                "reprise config --json");
    }

    @Override
    public void declare(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(EXPLAIN)
                .description("Adds each setting's source, meaning and names.")
                .build());
        spec.addOption(OptionSpec.builder(JSON)
                .description("Prints one JSON document, explanations included.")
                .build());
        flags.addTo(spec);
    }

    @Override
    public int run(ParseResult parsed, Terminal terminal) {
        return switch (ConfigurationFlags.checked(flags.resolve(parsed, List.of()), ServeRules::check)) {
            case Resolution.Invalid(List<Problem> problems) -> ConfigurationFlags.report(problems, terminal);
            case Resolution.Valid(Configuration configuration) -> {
                if (parsed.hasMatchedOption(JSON)) {
                    JsonDocument.print(document(configuration), terminal.out());
                } else {
                    boolean explain = parsed.hasMatchedOption(EXPLAIN);
                    configuration.entries().forEach(entry -> print(entry, explain, terminal));
                }
                yield ExitCode.OK;
            }
        };
    }

    private static void print(Configuration.Entry<?> entry, boolean explain, Terminal terminal) {
        String value = entry.setting().key() + " = " + entry.shown();
        if (!explain) {
            terminal.out().println(value);
            return;
        }
        terminal.out().printf("%-48s from %s%n", value, entry.origin());
        terminal.out().println("    " + entry.setting().meaning());
        terminal.out().println("    " + names(entry));
    }

    private static String names(Configuration.Entry<?> entry) {
        String flagNames = entry.setting().flags().stream().map(Flag::name).collect(Collectors.joining(", "));
        return flagNames + (flagNames.isEmpty() ? "" : ", ") + entry.setting().environmentName();
    }

    private static Map<String, Object> document(Configuration configuration) {
        Map<String, Object> document = new LinkedHashMap<>();
        configuration.file().ifPresent(file -> document.put("config_file", file.toString()));
        document.put(
                "settings",
                configuration.entries().stream().map(ConfigCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(Configuration.Entry<?> entry) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("key", entry.setting().key());
        entry.value().ifPresent(value -> document.put("value", plain(value) ? value : entry.shown()));
        document.put("source", entry.origin().toString());
        document.put("meaning", entry.setting().meaning());
        document.put("type", entry.setting().type().name());
        document.put("secret", entry.setting().secret());
        document.put("environment", entry.setting().environmentName());
        document.put("flags", entry.setting().flags().stream().map(Flag::name).toList());
        return document;
    }

    /** Whether JSON shows a value as people write it. Byte sizes and durations keep their units. */
    private static boolean plain(Object value) {
        return value instanceof Integer || value instanceof Double || value instanceof Boolean;
    }
}
