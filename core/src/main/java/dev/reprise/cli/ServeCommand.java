package dev.reprise.cli;

import dev.reprise.config.FlagValue;
import dev.reprise.config.Problem;
import dev.reprise.config.Resolution;
import dev.reprise.config.Schema;
import dev.reprise.config.ServeRules;
import dev.reprise.config.Settings;
import dev.reprise.config.Verb;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code reprise serve}: an OpenAI-compatible server in the foreground. */
final class ServeCommand implements VerbCommand {
    private static final String ARGUMENT = "MODEL";

    private final ConfigurationFlags flags;
    private final Application application;

    ServeCommand(Schema schema, Map<String, String> environment, Application application) {
        this.flags = new ConfigurationFlags(schema, Verb.SERVE, environment);
        this.application = application;
    }

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String summary() {
        return "Serves a model over an OpenAI-compatible API.";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "reprise serve",
                "reprise serve /models/my-llama --port 9000",
                "reprise serve --host 0.0.0.0 --api-key-file keys.txt --ssl-certfile cert.pem --ssl-keyfile key.pem",
                "reprise serve --config reprise.yaml --max-num-seqs 16 --no-enable-prefix-caching");
    }

    @Override
    public void declare(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("[" + ARGUMENT + "]")
                .hideParamSyntax(true)
                .type(String.class)
                .arity("0..1")
                .description("Folder of a model in Hugging Face format. Without it the bundled demonstration model.")
                .build());
        flags.addTo(spec);
    }

    @Override
    public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
        List<FlagValue> argument = parsed.matchedPositionals().stream()
                .map(model -> new FlagValue(
                        Settings.MODEL_PATH, ARGUMENT, model.stringValues().getFirst()))
                .toList();
        String modelFlag = Settings.MODEL_PATH.flags().getFirst().name();
        if (!argument.isEmpty() && parsed.hasMatchedOption(modelFlag)) {
            return ConfigurationFlags.report(
                    List.of(new Problem("the model is given twice", "give it as the argument or by " + modelFlag)),
                    terminal);
        }
        return switch (ConfigurationFlags.checked(flags.resolve(parsed, argument), ServeRules::check)) {
            case Resolution.Invalid(List<Problem> problems) -> ConfigurationFlags.report(problems, terminal);
            case Resolution.Valid valid -> application.serve(valid.configuration(), terminal);
        };
    }
}
