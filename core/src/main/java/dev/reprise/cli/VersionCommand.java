package dev.reprise.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code reprise version}: what runs here, and on which Java. */
final class VersionCommand implements VerbCommand {
    private static final String JSON = "--json";

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "Prints the versions of Reprise and of the Java it runs on.";
    }

    @Override
    public List<String> examples() {
        return List.of("reprise version", "reprise version --json");
    }

    @Override
    public void declare(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(JSON)
                .description("Prints one JSON document.")
                .build());
    }

    @Override
    public int run(ParseResult parsed, Terminal terminal) {
        if (parsed.hasMatchedOption(JSON)) {
            JsonDocument.print(document(), terminal.out());
        } else {
            terminal.out()
                    .printf(
                            "reprise %s (Java %s, %s, %s)%n",
                            ProductVersion.CURRENT,
                            System.getProperty("java.version"),
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"));
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", ProductVersion.CURRENT);
        document.put("java_version", System.getProperty("java.version"));
        document.put("java_vendor", System.getProperty("java.vendor"));
        document.put("java_home", System.getProperty("java.home"));
        document.put("os_name", System.getProperty("os.name"));
        document.put("os_arch", System.getProperty("os.arch"));
        document.put("processor_count", Runtime.getRuntime().availableProcessors());
        return document;
    }
}
