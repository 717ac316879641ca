package dev.reprise.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** One verb of the command line. */
interface VerbCommand {
    /** The word on the command line. */
    String name();

    /** One sentence. */
    String summary();

    /** Whole command lines as a user would type them, each starting with {@code reprise}; empty for hidden verbs. */
    List<String> examples();

    /** Adds the verb's flags and arguments. */
    void declare(CommandSpec spec);

    /** Does it. Returns the exit code. */
    int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException;

    /** The verb as the parser knows it. */
    default CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name(name());
        spec.usageMessage()
                .description(summary())
                .width(100)
                .abbreviateSynopsis(true)
                .hidden(examples().isEmpty())
                .footerHeading(examples().isEmpty() ? "" : "%nExamples:%n")
                .footer(examples().stream()
                        .map(example -> "  " + example.replace("%", "%%"))
                        .toArray(String[]::new));
        declare(spec);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help.")
                .build());
        return spec;
    }
}
