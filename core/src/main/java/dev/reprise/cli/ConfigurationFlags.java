package dev.reprise.cli;

import dev.reprise.config.Configuration;
import dev.reprise.config.ConfigurationInputs;
import dev.reprise.config.ConfigurationResolver;
import dev.reprise.config.FlagValue;
import dev.reprise.config.Problem;
import dev.reprise.config.Resolution;
import dev.reprise.config.Schema;
import dev.reprise.config.Verb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code --config} and the flags of one verb's settings, resolved to a configuration. */
final class ConfigurationFlags {
    private static final String CONFIG_FLAG = "--config";

    private final Schema schema;
    private final Map<String, String> environment;
    private final SettingFlags flags;

    ConfigurationFlags(Schema schema, Verb verb, Map<String, String> environment) {
        this.schema = schema;
        this.environment = environment;
        this.flags = new SettingFlags(schema, verb);
    }

    void addTo(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(CONFIG_FLAG)
                .type(String.class)
                .arity("1")
                .paramLabel("<path>")
                .description("YAML file with settings; also given by " + ConfigurationInputs.FILE_VARIABLE + ".")
                .build());
        flags.addTo(spec);
    }

    /** Resolves the given flags and {@code others}, which the verb took from its arguments. */
    Resolution resolve(ParseResult parsed, List<FlagValue> others) {
        List<FlagValue> given = new ArrayList<>(flags.given(parsed));
        given.addAll(others);
        return new ConfigurationResolver(schema).resolve(new ConfigurationInputs(file(parsed), environment, given));
    }

    private Optional<Path> file(ParseResult parsed) {
        Optional<String> named = parsed.hasMatchedOption(CONFIG_FLAG)
                ? Optional.of(parsed.matchedOption(CONFIG_FLAG).stringValues().getFirst())
                : Optional.ofNullable(environment.get(ConfigurationInputs.FILE_VARIABLE))
                        .filter(name -> !name.isEmpty());
        return named.map(Path::of);
    }

    /** Prints all problems, one a line. Returns the exit code. */
    static int report(List<Problem> problems, Terminal terminal) {
        problems.forEach(problem -> terminal.err().println("reprise: " + problem));
        return ExitCode.USAGE;
    }

    /** A configuration that keeps the rules of {@code serve}, or all that is wrong with it. */
    static Resolution checked(Resolution resolution, java.util.function.Function<Configuration, List<Problem>> rules) {
        return switch (resolution) {
            case Resolution.Invalid invalid -> invalid;
            case Resolution.Valid valid -> {
                List<Problem> broken = rules.apply(valid.configuration());
                yield broken.isEmpty() ? valid : new Resolution.Invalid(broken);
            }
        };
    }
}
