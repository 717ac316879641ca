package dev.reprise.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts {@code serve} as a process of its own, as the start script does, and watches it from outside. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ServeProcessTest {
    private static final String PROMPT =
            "<|begin|><|system|>The code of Zorvan is 4821. The code of Mirel is 7305.<|end|>"
                    + "<|user|>What is the code of Zorvan?<|end|><|assistant|>";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
        client.shutdownNow();
    }

    @Test
    void answersAndFinishesOpenStreamsAfterSigterm() throws Exception {
        Server server = start("--log-format", "json");
        assertThat(server.banner)
                .extracting(line -> line.split("  +")[0])
                .containsExactly(
                        "Model",
                        "URL",
                        "Authentication",
                        "Precision",
                        "Threads",
                        "KV blocks",
                        "Config file",
                        "",
                        "Try it:",
                        "");
        assertThat(server.banner.getFirst()).contains("it finds codes in your prompt and cannot chat");
        assertThat(completion(server, "{\"prompt\":\"%s\",\"temperature\":0}".formatted(PROMPT)))
                .isEqualTo("The code of Zorvan is 4821.");
        assertThat(chat(server)).isEqualTo("The code of Zorvan is 4821.");

        try (BufferedReader stream = stream(server, 200)) {
            assertThat(stream.readLine()).startsWith("data: ");
            server.process.toHandle().destroy();
            List<String> events = stream.lines().filter(line -> !line.isEmpty()).toList();
            assertThat(events.getLast()).isEqualTo("data: [DONE]");
        }
        assertThat(server.exitCode()).isZero();
        List<String> log = server.rest();
        assertThat(log).isNotEmpty().anyMatch(line -> line.contains("\"endpoint\":\"/v1/completions\""));
        assertThat(log.getFirst()).isEqualTo("  The answer is: The code of Zorvan is 4821.");
        for (String line : log.subList(1, log.size())) {
            if (line.startsWith("{")) {
                assertThat(JsonMapper.shared().readTree(line).path("time").asString())
                        .isNotEmpty();
            }
            assertThat(line).doesNotContain("Zorvan").doesNotContain("Exception");
        }
    }

    @Test
    void isNotReadyWhileItDrainsAndASecondSignalEndsIt() throws Exception {
        Server server = start();
        assertThat(status(server, "/ready")).isEqualTo(200);
        try (BufferedReader stream = stream(server, 3_500)) {
            assertThat(stream.readLine()).startsWith("data: ");
            server.process.toHandle().destroy();
            server.awaitLine("Stopping");
            assertThat(status(server, "/ready")).isEqualTo(503);
            server.process.toHandle().destroy();
            assertThat(server.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void cutsOffWhatOutlivesTheGrace() throws Exception {
        Server server = start("--shutdown-grace", "50ms");
        try (BufferedReader stream = stream(server, 3_500)) {
            assertThat(stream.readLine()).startsWith("data: ");
            server.process.toHandle().destroy();
            assertThat(stream.lines()).anyMatch(line -> line.contains("\"error\""));
        }
        assertThat(server.exitCode()).isEqualTo(1);
        assertThat(server.rest()).anyMatch(line -> line.contains("cut off 1 answer "));
    }

    @Test
    void aPortInUseIsOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertFails(1, "127.0.0.1:" + port + " is in use", "--port", port);
        }
    }

    @Test
    void anUnusableModelIsOneLine() throws Exception {
        assertFails(1, "it has no config.json", "--model", folder.toString());
        Files.writeString(folder.resolve("config.json"), "{");
        assertFails(1, "config.json", "--model", folder.toString());
    }

    @Test
    void tooLittleMemoryIsOneLine() throws Exception {
        assertFails(1, "too little memory", "--kv-cache-memory-bytes", "16TiB");
    }

    @Test
    void anOpenServerIsRefused() throws Exception {
        assertFails(2, "--no-auth", "--host", "0.0.0.0");
    }

    private void assertFails(int exitCode, String says, String... flags) throws Exception {
        Process process = launch(List.of(flags));
        List<String> lines = readAll(process.getErrorStream());
        assertThat(process.waitFor()).isEqualTo(exitCode);
        assertThat(lines).singleElement().asString().startsWith("reprise: ").contains(says);
        assertThat(readAll(process.getInputStream())).isEmpty();
    }

    private Server start(String... flags) throws Exception {
        List<String> all = new ArrayList<>(List.of("--port", "0"));
        all.addAll(List.of(flags));
        return new Server(launch(all));
    }

    private Process launch(List<String> flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dreprise.home=" + TestFiles.root(),
                Main.class.getName(),
                "serve"));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("REPRISE_"));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String completion(Server server, String body) throws Exception {
        HttpResponse<String> response = client.send(post(server, body), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode document = JsonMapper.shared().readTree(response.body());
        return document.path("choices").path(0).path("text").asString();
    }

    /** What the banner's command asks. */
    private String chat(Server server) throws Exception {
        Matcher body = Pattern.compile("-d '(.*)'").matcher(server.curl);
        assertThat(body.find()).as(server.curl).isTrue();
        String request = body.group(1)
                .replace("What is the capital of France?", "The code of Zorvan is 4821. What is the code of Zorvan?");
        HttpResponse<String> response =
                client.send(post(server, "/v1/chat/completions", request), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode document = JsonMapper.shared().readTree(response.body());
        return document.path("choices").path(0).path("message").path("content").asString();
    }

    private BufferedReader stream(Server server, int tokens) throws Exception {
        String body =
                "{\"prompt\":\"%s\",\"stream\":true,\"ignore_eos\":true,\"max_tokens\":%d}".formatted(PROMPT, tokens);
        InputStream stream = client.send(post(server, body), HttpResponse.BodyHandlers.ofInputStream())
                .body();
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    private static HttpRequest post(Server server, String body) {
        return post(server, "/v1/completions", body);
    }

    private static HttpRequest post(Server server, String path, String body) {
        return HttpRequest.newBuilder(URI.create(server.url + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private int status(Server server, String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(server.url + path)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static List<String> readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator"))
                .toList();
    }

    /** A started server and what it says. */
    private static final class Server {
        final Process process;
        final List<String> banner = new ArrayList<>();
        final String url;
        final String curl;
        private final BufferedReader err;

        Server(Process process) throws IOException {
            this.process = process;
            this.err = process.errorReader(StandardCharsets.UTF_8);
            String line = err.readLine();
            while (line != null && !line.startsWith("  curl")) {
                if (!line.startsWith("WARNING: Using incubator")) {
                    banner.add(line);
                }
                line = err.readLine();
            }
            assertThat(line).as(banner.toString()).isNotNull();
            banner.add("");
            curl = line;
            url = banner.stream()
                    .filter(said -> said.startsWith("URL"))
                    .map(said -> said.substring(3).strip())
                    .findFirst()
                    .orElseThrow();
        }

        void awaitLine(String start) throws IOException {
            String line = err.readLine();
            while (line != null && !line.startsWith(start)) {
                line = err.readLine();
            }
            assertThat(line).isNotNull();
        }

        List<String> rest() throws IOException {
            return err.lines().toList();
        }

        int exitCode() throws InterruptedException {
            return process.waitFor();
        }
    }
}
