package dev.reprise.cli;

import java.io.PrintStream;
import tools.jackson.databind.json.JsonMapper;

/** Prints the one document of a verb's {@code --json}. */
final class JsonDocument {
    private JsonDocument() {}

    static void print(Object document, PrintStream out) {
        out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document));
    }
}
