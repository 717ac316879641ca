package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.http.HttpHeaders;
import dev.reprise.testing.TestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends what was sent to vLLM 0.32 and compares the structure of the answers: status, members, their order and types,
 * and the order of kinds of events. Texts, ids, numbers and how tokens are grouped into events may differ.
 *
 * <p>Known to differ, on purpose: bodies of 404 and 405 (an error object instead of {@code {"detail": …}}); error codes
 * are stable words instead of the status; /detokenize refuses ids outside the vocabulary; tools, structured output and
 * echo are 501.
 */
class RecordedTranscriptsTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    /** Members whose value is part of the structure. */
    private static final Set<String> LITERAL = Set.of("object", "finish_reason", "role");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat_nonstream",
                "chat_stream",
                "chat_stream_usage",
                "chat_stream_usage_continuous",
                "chat_stream_n2",
                "chat_n2",
                "chat_logprobs",
                "chat_stream_logprobs",
                "chat_return_token_ids",
                "chat_stream_return_token_ids",
                "chat_max_completion_tokens",
                "chat_request_id_header",
                "chat_developer_role",
                "completion_text",
                "completion_text_list",
                "completion_batch_of_prompts",
                "completion_token_ids_cold",
                "completion_token_ids_cached",
                "completion_n2_stream",
                "completion_logprobs",
                "completion_tokens_as_ids_logprobs",
                "completion_return_token_ids",
                "completion_stream_return_token_ids",
                "completion_max_tokens_absent",
                "completion_max_tokens_1",
                "completion_exact_fill",
                "completion_stop_string",
                "completion_stop_include",
                "completion_stop_string_stream",
                "completion_stop_token_id",
                "priority_body",
                "err_unknown_field",
                "tokenize_plain",
                "tokenize_chat",
                "tokenize_prompt",
                "detokenize",
                "models",
                "version",
                "health"
            })
    void answersAsRecorded(String name) throws IOException {
        JsonNode recorded = read(name);
        FakeExchange exchange = replay(recorded, name);
        assertThat(exchange.status()).as(exchange.body()).isEqualTo(status(recorded));
        String recordedBody = recorded.get("response").get("body").stringValue();
        assertThat(shapes(exchange.body())).as(exchange.body()).containsExactlyElementsOf(shapes(recordedBody));
        assertThat(exchange.header("Content-Type").orElse("none")).isEqualTo(recordedHeader(recorded, "content-type"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "err_bad_json",
                "err_bad_n",
                "err_bad_temperature",
                "err_bad_type",
                "err_context_too_long",
                "err_context_too_long_chat",
                "err_empty_salt",
                "err_missing_messages",
                "err_stream_error_before_start",
                "err_stream_options_without_stream",
                "err_token_oov",
                "err_too_many_logprobs",
                "err_unknown_model",
                "err_wrong_content_type",
                "err_404",
                "err_405",
                "completion_max_tokens_0",
                "completion_max_tokens_too_big",
                "completion_prompt_eq_maxlen",
                "completion_empty_prompt",
                "embeddings_on_generate_model"
            })
    void refusesAsRecorded(String name) throws IOException {
        JsonNode recorded = read(name);
        FakeExchange exchange = replay(recorded, name);
        assertThat(exchange.status()).as(exchange.body()).isEqualTo(status(recorded));
        JsonNode error = ServerFixture.json(exchange).get("error");
        assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
        assertThat(error.get("code").stringValue()).matches("[a-z_]+");
        if (status(recorded) == 405) {
            assertThat(exchange.header("Allow")).contains("POST");
        }
        JsonNode recordedError = MAPPER.readTree(
                        recorded.get("response").get("body").stringValue())
                .get("error");
        boolean plainParam = recordedError != null
                && recordedError.get("param").isString()
                && !name.equals("completion_prompt_eq_maxlen")
                && !name.equals("err_bad_json");
        if (plainParam) {
            String param = recordedError.get("param").stringValue().replace("body.", "");
            String ours = error.get("param").stringValue();
            assertThat(ours).isIn(param, "top_" + param);
        }
    }

    private static FakeExchange replay(JsonNode recorded, String name) {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> script(name);
            fixture.backend.cachedTokens = 3;
            JsonNode request = recorded.get("request");
            HttpHeaders headers = HttpHeaders.EMPTY;
            for (Map.Entry<String, JsonNode> header : request.get("headers").properties()) {
                headers = headers.with(header.getKey(), header.getValue().stringValue());
            }
            String body = request.get("body").isString() ? request.get("body").stringValue() : "";
            return fixture.serve(new FakeExchange(
                    request.get("method").stringValue(),
                    request.get("path").stringValue(),
                    headers,
                    body.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static FakeBackend.Script script(String name) {
        if (name.startsWith("completion_stop_string") || name.equals("completion_stop_include")) {
            return FakeBackend.Script.text("te terfel terfellannim and more");
        }
        if (name.equals("completion_stop_token_id")) {
            return FakeBackend.Script.tokens(714, 7_593, 1_225, 1_380, 7_539);
        }
        // The second token is half a character, as in the recordings.
        return FakeBackend.Script.text("aé" + "bc".repeat(50));
    }

    private static JsonNode read(String name) throws IOException {
        return MAPPER.readTree(Files.readString(TestFiles.shared("fixtures/vllm/http/" + name + ".json")));
    }

    private static int status(JsonNode recorded) {
        return Integer.parseInt(
                recorded.get("response").get("status_line").stringValue().split(" ")[1]);
    }

    private static String recordedHeader(JsonNode recorded, String name) {
        for (JsonNode header : recorded.get("response").get("headers")) {
            if (header.get(0).stringValue().equals(name)) {
                return header.get(1).stringValue();
            }
        }
        return "none";
    }

    /** One shape for a document; for a stream one for each kind of event, in order of first appearance. */
    private static List<String> shapes(String body) {
        if (body.isEmpty()) {
            return List.of();
        }
        if (!body.startsWith("data: ")) {
            return List.of(shape("", MAPPER.readTree(body)));
        }
        assertThat(body).endsWith("\n\n");
        List<String> shapes = new ArrayList<>();
        Stream.of(body.split("\n\n"))
                .map(frame -> frame.substring("data: ".length()))
                .map(data -> data.equals("[DONE]") ? data : shape("", MAPPER.readTree(data)))
                .filter(shape -> shapes.isEmpty() || !shapes.contains(shape))
                .forEach(shapes::add);
        return shapes;
    }

    private static String shape(String name, JsonNode node) {
        if (LITERAL.contains(name) && node.isString()) {
            return node.stringValue();
        }
        if (node.isObject()) {
            boolean byTokenText = name.equals("top_logprobs") && !node.has("token");
            return node.properties().stream()
                    .map(e -> byTokenText && e.getValue().isNumber()
                            ? "TEXT"
                            : e.getKey() + ":" + shape(e.getKey(), e.getValue()))
                    .distinct()
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (name.equals("bytes")) {
            // vLLM gives no bytes for a part of a character, we do.
            return "bytes";
        }
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(shape(name, item)));
            return items.stream().distinct().collect(Collectors.joining(",", "[", "]"));
        }
        return node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }
}
