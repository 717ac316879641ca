package dev.reprise.cli;

import dev.reprise.config.NearestMatch;
import dev.reprise.config.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Parses the command line and runs its verb.
 *
 * <p>Results go to standard output, everything else to standard error; every failure is one line without a stack
 * trace. Used by one thread.
 */
public final class CommandLineInterface {
    private static final String PROGRAM = "reprise";

    private final Map<String, VerbCommand> verbs = new LinkedHashMap<>();
    private final Terminal terminal;
    private final CommandLine parser;

    /** The verbs of {@code application}, with settings of {@code schema}. */
    public CommandLineInterface(
            Schema schema, Map<String, String> environment, Application application, Terminal terminal) {
        this.terminal = terminal;
        List.of(
                        new ServeCommand(schema, environment, application),
                        new ChatCommand(schema, environment),
                        new ConfigCommand(schema, environment),
                        new VersionCommand(),
                        new ReferenceCommand(schema),
                        new RehearseCommand(schema, application))
                .forEach(verb -> verbs.put(verb.name(), verb));
        this.parser = new CommandLine(rootSpec(verbs.values()));
    }

    private static CommandSpec rootSpec(Iterable<VerbCommand> verbs) {
        CommandSpec root = CommandSpec.create().name(PROGRAM);
        root.usageMessage()
                .description("Serves large language models without computing the same prompt twice.")
                .width(100)
                .synopsisSubcommandLabel("VERB")
                .commandListHeading("%nVerbs (reprise VERB --help shows more):%n")
                .footerHeading("%nExamples:%n")
                .footer("  reprise serve", "  reprise chat");
        root.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help.")
                .build());
        verbs.forEach(verb -> root.addSubcommand(verb.name(), verb.spec()));
        return root;
    }

    /** Does what {@code arguments} ask for. Returns the exit code. */
    public int run(List<String> arguments) throws InterruptedException {
        try {
            ParseResult parsed = parser.parseArgs(withHelpFlag(arguments).toArray(String[]::new));
            return run(parsed);
        } catch (ParameterException e) {
            return reportUsage(e);
        } catch (CliFailure e) {
            terminal.err().println(PROGRAM + ": " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /** {@code help VERB} and {@code --version} are what people try first. */
    private static List<String> withHelpFlag(List<String> arguments) {
        if (arguments.isEmpty()) {
            return arguments;
        }
        List<String> rest = new ArrayList<>(arguments.subList(1, arguments.size()));
        return switch (arguments.getFirst()) {
            case "help" -> {
                rest.add("--help");
                yield rest;
            }
            case "--version", "-V" -> List.of("version");
            default -> arguments;
        };
    }

    private int run(ParseResult parsed) throws CliFailure, InterruptedException {
        ParseResult deepest = parsed;
        while (deepest.hasSubcommand()) {
            deepest = deepest.subcommand();
        }
        CommandLine command = deepest.commandSpec().commandLine();
        if (deepest.isUsageHelpRequested()) {
            command.usage(terminal.out());
            return ExitCode.OK;
        }
        VerbCommand verb = verbs.get(deepest.commandSpec().name());
        if (verb == null) {
            command.usage(terminal.err());
            return ExitCode.USAGE;
        }
        return verb.run(deepest, terminal);
    }

    private int reportUsage(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String message = e instanceof UnmatchedArgumentException unmatched
                ? unknown(unmatched.getUnmatched().getFirst(), spec)
                : e.getMessage();
        terminal.err()
                .println("%s: %s (%s --help shows what there is)".formatted(PROGRAM, message, spec.qualifiedName()));
        return ExitCode.USAGE;
    }

    private static String unknown(String argument, CommandSpec spec) {
        String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        boolean flag = name.startsWith("-");
        if (!flag && spec.subcommands().isEmpty()) {
            return "unexpected argument '" + name + "'";
        }
        List<String> candidates = new ArrayList<>();
        if (flag) {
            spec.options().forEach(option -> candidates.addAll(List.of(option.names())));
        } else {
            spec.subcommands().values().stream()
                    .filter(sub -> !sub.getCommandSpec().usageMessage().hidden())
                    .forEach(sub -> candidates.add(sub.getCommandName()));
        }
        Optional<String> nearest = NearestMatch.of(name, candidates);
        return "unknown %s '%s'%s"
                .formatted(
                        flag ? "flag" : "verb",
                        name,
                        nearest.map(match -> "; did you mean " + match + "?").orElse(""));
    }

    /** All examples of all help texts. */
    List<String> examples() {
        return verbs.values().stream().flatMap(verb -> verb.examples().stream()).toList();
    }

    /** The generated pages, by file name. */
    Map<String, String> referencePages(Schema schema) {
        return ReferencePages.of(schema, parser.getCommandSpec());
    }

    /** Parses without running; throws what the parser finds wrong. */
    void check(List<String> arguments) {
        parser.parseArgs(arguments.toArray(String[]::new));
    }
}
