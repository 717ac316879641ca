package dev.reprise.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.config.ConfigurationInputs;
import dev.reprise.config.ConfigurationResolver;
import dev.reprise.config.FlagValue;
import dev.reprise.config.Resolution;
import dev.reprise.config.Settings;
import dev.reprise.testing.TestFiles;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The bundled model finds codes it has never seen, over HTTP, in int8: what its model card says. */
class DemoRecallTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final double BAR_FRACTION = 0.97;
    private static final int CLIENTS = 8;

    @Test
    void answersHeldOutQuestionsExactly() throws Exception {
        List<JsonNode> questions = new ArrayList<>();
        try (InputStream in = DemoRecallTest.class.getResourceAsStream("/demo/recall.jsonl")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(l -> questions.add(JSON.readTree(l)));
        }
        assertThat(questions).hasSize(200);
        List<String> wrong = new ArrayList<>();
        ConfigurationInputs inputs = new ConfigurationInputs(
                Optional.empty(), Map.of(), List.of(new FlagValue(Settings.PORT, "--port", "0")));
        Resolution resolution = new ConfigurationResolver(Settings.SCHEMA).resolve(inputs);
        ServedFolder folder = new ServedFolder(TestFiles.demoModel(), "reprise-demo", true);
        var configuration = ((Resolution.Valid) resolution).configuration();
        EnginePlan plan =
                EnginePlan.of(configuration, folder.path(), Runtime.getRuntime().maxMemory());
        try (RunningServer server = RunningServer.start(configuration, folder, plan);
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
                HttpClient http = HttpClient.newHttpClient()) {
            List<Future<String>> answers = new ArrayList<>();
            for (JsonNode question : questions) {
                answers.add(clients.submit(() -> ask(http, server.port(), question)));
            }
            for (int i = 0; i < answers.size(); i++) {
                String expected = questions.get(i).get("expected_text").stringValue();
                String answer = answers.get(i).get();
                if (!answer.equals(expected)) {
                    wrong.add(expected + " <> " + answer);
                }
            }
        }
        assertThat(1.0 - wrong.size() / 200.0)
                .as("exact answers; wrong: %s", wrong)
                .isGreaterThanOrEqualTo(BAR_FRACTION);
    }

    private static String ask(HttpClient http, int port, JsonNode question) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.set("messages", question.get("messages"));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/chat/completions".formatted(port)))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(response.body()).at("/choices/0/message/content").asString();
    }
}
