package dev.reprise.cli;

import dev.reprise.config.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code reprise reference FOLDER}: writes the generated pages. */
final class ReferenceCommand implements VerbCommand {
    private final Schema schema;

    ReferenceCommand(Schema schema) {
        this.schema = schema;
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String summary() {
        return "Writes the generated reference pages into a folder.";
    }

    @Override
    public List<String> examples() {
        return List.of();
    }

    @Override
    public void declare(CommandSpec spec) {
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FOLDER")
                .type(String.class)
                .arity("1")
                .build());
    }

    @Override
    public int run(ParseResult parsed, Terminal terminal) throws CliFailure {
        Path folder =
                Path.of(parsed.matchedPositionals().getFirst().stringValues().getFirst());
        Map<String, String> pages =
                ReferencePages.of(schema, parsed.commandSpec().root());
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(folder.resolve(page.getKey()), page.getValue());
                terminal.err().println("wrote " + folder.resolve(page.getKey()));
            }
        } catch (IOException e) {
            throw new CliFailure("cannot write to " + folder + ": " + e.getMessage());
        }
        return ExitCode.OK;
    }
}
