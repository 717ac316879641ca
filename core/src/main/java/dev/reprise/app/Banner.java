package dev.reprise.app;

import dev.reprise.config.Configuration;
import dev.reprise.config.ServeRules;
import dev.reprise.config.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/** What a started server says of itself, for people, in a fixed order. */
final class Banner {
    private static final String DEMONSTRATION =
            "a demonstration model trained on invented facts: it finds codes in your prompt and cannot chat";
    private static final String KEY_VARIABLE = "YOUR_KEY";

    private Banner() {}

    static void print(Configuration configuration, ServedFolder folder, EnginePlan plan, int port, PrintStream out) {
        String url = url(configuration, port);
        boolean authenticates = ServeRules.authenticates(configuration);
        line(out, "Model", folder.name() + (folder.bundled() ? ", " + DEMONSTRATION : " from " + folder.path()));
        line(out, "URL", url);
        line(out, "Authentication", authenticates ? "on: a key is needed" : "off: everybody who reaches it may use it");
        line(
                out,
                "Precision",
                plan.precision().label() + ", " + (plan.vectorKernels() ? "vector" : "scalar") + " kernels");
        line(out, "Threads", String.valueOf(plan.threads()));
        line(
                out,
                "KV blocks",
                "%d of %d tokens; sequences of up to %d tokens"
                        .formatted(
                                plan.runner().totalBlocks(),
                                plan.runner().blockSizeTokens(),
                                plan.runner().maxModelTokens()));
        line(out, "Config file", configuration.file().map(Path::toString).orElse("none"));
        out.println();
        out.println("Try it:");
        out.println("  " + curl(configuration.find(Settings.SSL_CERTFILE), url, folder, authenticates));
        if (folder.bundled()) {
            out.println("  The answer is: The code of Zorvan is 4821.");
        }
        out.flush();
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("%-15s %s%n", name, value);
    }

    /** The address as a client on this machine writes it. */
    static String url(Configuration configuration, int port) {
        String scheme = configuration.find(Settings.SSL_CERTFILE).isPresent() ? "https" : "http";
        String host = configuration.get(Settings.HOST);
        String reachable =
                switch (host) {
                    case "0.0.0.0", "::", "[::]" -> "localhost";
                    default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
                };
        return "%s://%s:%d".formatted(scheme, reachable, port);
    }

    private static String curl(Optional<Path> certificate, String url, ServedFolder folder, boolean authenticates) {
        String system = folder.bundled()
                ? "{\"role\":\"system\",\"content\":\"The code of Zorvan is 4821. The code of Mirel is 7305.\"},"
                : "";
        String question = folder.bundled() ? "What is the code of Zorvan?" : "What is the capital of France?";
        return "curl -sS%s %s/v1/chat/completions%s -H 'Content-Type: application/json' -d '%s'"
                .formatted(
                        certificate.map(file -> " --cacert " + file).orElse(""),
                        url,
                        authenticates ? " -H \"Authorization: Bearer " + KEY_VARIABLE + "\"" : "",
                        "{\"model\":\"%s\",\"messages\":[%s{\"role\":\"user\",\"content\":\"%s\"}]}"
                                .formatted(folder.name(), system, question));
    }
}
