package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Sends a started server one request of each kind that a first client is likely to send. */
final class Rehearsal {
    private static final int OK = 200;

    private Rehearsal() {}

    static void ask(String url, String model) throws CliFailure {
        post(url + "/v1/completions", "{\"model\":\"%s\",\"prompt\":\"The code\",\"max_tokens\":4}".formatted(model));
        post(
                url + "/v1/chat/completions",
                "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                        .formatted(model));
    }

    private static void post(String url, String body) throws CliFailure {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
            if (connection.getResponseCode() != OK) {
                throw new CliFailure(url + " answered " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                in.readAllBytes();
            }
        } catch (IOException e) {
            throw new CliFailure("no answer from " + url + " (" + e + ")");
        }
    }
}
