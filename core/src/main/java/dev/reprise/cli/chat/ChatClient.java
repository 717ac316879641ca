package dev.reprise.cli.chat;

import dev.reprise.cli.CliFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls an OpenAI-compatible server. Blocking; an interrupt ends a call. Used by one thread at a time. */
public final class ChatClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int MAX_SHOWN_BODY = 300;
    private static final String END = "[DONE]";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final JsonMapper json = JsonMapper.shared();
    private final URI base;
    private final Optional<String> apiKey;

    private ChatClient(URI base, Optional<String> apiKey) {
        this.base = base;
        this.apiKey = apiKey;
    }

    /**
     * A client of the server at {@code url}, with or without its version path such as {@code /v1}.
     *
     * @throws CliFailure when it is not an http or https URL
     */
    public static ChatClient of(String url, Optional<String> apiKey) throws CliFailure {
        String trimmed = url.replaceAll("/+$", "");
        String versioned = trimmed.matches(".*/v\\d+[a-z0-9]*") ? trimmed : trimmed + "/v1";
        try {
            URI uri = URI.create(versioned + "/");
            if (List.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
                return new ChatClient(uri, apiKey);
            }
        } catch (IllegalArgumentException e) {
            // not a URI at all: the same answer as for a URI of another kind
        }
        throw new CliFailure("'" + url + "' is not a URL; give one such as http://127.0.0.1:8000");
    }

    /** The address that requests go to. */
    String address() {
        return base.toString();
    }

    /** The first model that the server lists. */
    String firstModel() throws CliFailure, InterruptedException {
        HttpResponse<InputStream> response = send(request("models").GET().build());
        try (InputStream body = response.body()) {
            String id = json.readTree(body).path("data").path(0).path("id").asString("");
            if (!id.isEmpty()) {
                return id;
            }
        } catch (IOException | JacksonException e) {
            throw new CliFailure(base + "models gave no list of models; is this an OpenAI-compatible server?");
        }
        throw new CliFailure("the server at " + base + " lists no models; name one with --model");
    }

    /**
     * Asks for an answer and passes each piece of its text on as it comes.
     *
     * @throws CliFailure when the server cannot be reached, refuses, or breaks off
     */
    void stream(String model, ChatOptions options, List<ChatMessage> messages, Consumer<String> text)
            throws CliFailure, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", model);
        body.put("messages", messages);
        options.maxTokens().ifPresent(maxTokens -> body.put("max_tokens", maxTokens));
        options.temperature().ifPresent(temperature -> body.put("temperature", temperature));
        body.put("stream", true);
        HttpRequest request = request("chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
        HttpResponse<InputStream> response = send(request);
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            readEvents(new ServerSentEvents(reader), text);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("answer stopped");
            }
            throw new CliFailure("the connection to " + base + " broke off in the middle of an answer");
        }
    }

    private void readEvents(ServerSentEvents events, Consumer<String> text) throws IOException, CliFailure {
        while (true) {
            Optional<String> data = events.next();
            if (data.isEmpty()) {
                throw new CliFailure("the answer from " + base + " ended before its end mark");
            }
            if (data.get().equals(END)) {
                return;
            }
            JsonNode event = parse(data.get());
            if (event.has("error")) {
                throw new CliFailure("the server failed: " + errorMessage(event, data.get()));
            }
            String piece =
                    event.path("choices").path(0).path("delta").path("content").asString("");
            if (!piece.isEmpty()) {
                text.accept(piece);
            }
        }
    }

    private JsonNode parse(String data) throws CliFailure {
        try {
            return json.readTree(data);
        } catch (JacksonException e) {
            throw new CliFailure("the server sent an event that is not JSON: " + shortened(data));
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path));
        apiKey.ifPresent(key -> builder.header("Authorization", "Bearer " + key));
        return builder;
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws CliFailure, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw new CliFailure(
                    "cannot reach " + base + "; start a server with 'reprise serve' or name another one with --url");
        } catch (IOException e) {
            throw new CliFailure("no answer from " + base + " (" + e + ")");
        }
        if (response.statusCode() == OK) {
            return response;
        }
        throw new CliFailure("the server answered %d: %s".formatted(response.statusCode(), errorMessage(response)));
    }

    private String errorMessage(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            String text = new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8);
            return errorMessage(json.readTree(text), text);
        } catch (IOException | JacksonException e) {
            return "no explanation";
        }
    }

    private static String errorMessage(JsonNode document, String text) {
        JsonNode error = document.path("error");
        String message =
                error.isString() ? error.asString() : error.path("message").asString("");
        return shortened(message.isEmpty() ? text : message);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN_BODY ? text : text.substring(0, MAX_SHOWN_BODY) + "…";
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
