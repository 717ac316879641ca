package dev.reprise.cli;

import dev.reprise.config.FlagValue;
import dev.reprise.config.Problem;
import dev.reprise.config.Resolution;
import dev.reprise.config.Schema;
import dev.reprise.config.Settings;
import dev.reprise.config.Verb;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code reprise rehearse}: the short start that the build records. Settings of the environment are ignored. */
final class RehearseCommand implements VerbCommand {
    private final ConfigurationFlags flags;
    private final Application application;

    RehearseCommand(Schema schema, Application application) {
        this.flags = new ConfigurationFlags(schema, Verb.SERVE, Map.of());
        this.application = application;
    }

    @Override
    public String name() {
        return "rehearse";
    }

    @Override
    public String summary() {
        return "Starts on a free port, answers one request and ends.";
    }

    @Override
    public List<String> examples() {
        return List.of();
    }

    @Override
    public void declare(CommandSpec spec) {
        flags.addTo(spec);
    }

    @Override
    public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
        List<FlagValue> freePort = List.of(new FlagValue(Settings.PORT, "rehearse", "0"));
        return switch (flags.resolve(parsed, freePort)) {
            case Resolution.Invalid(List<Problem> problems) -> ConfigurationFlags.report(problems, terminal);
            case Resolution.Valid valid -> application.rehearse(valid.configuration(), terminal);
        };
    }
}
