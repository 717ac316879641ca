package dev.reprise.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.cli.CliFailure;
import dev.reprise.cli.RecordingTerminal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatSessionTest {
    private static final ChatOptions PLAIN =
            new ChatOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final String STREAM = """
            : keep-alive

            data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

            data: {"choices":[{"index":0,"delta":{"content":"The code "}}]}

            event: whatever
            data: {"choices":[{"index":0,"delta":{"content":"ist 4821 – ü"}}]}

            data: {"choices":[],"usage":{"prompt_tokens":3}}

            data: [DONE]

            """;

    private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int status = 200;
    private String answer = STREAM;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", exchange -> respond(exchange, 200, "{\"data\":[{\"id\":\"first\"}]}"));
        server.createContext("/v1/chat/completions", exchange -> {
            requests.add(JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()));
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            respond(exchange, status, answer);
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void pipedLinesAreTurnsOfOneConversation() throws Exception {
        ChatOptions options =
                new ChatOptions(Optional.empty(), Optional.of("Be brief."), Optional.of(20), Optional.of(0.0));
        RecordingTerminal terminal = new RecordingTerminal("What is the code?\n\nAnd now?\n", false);
        assertThat(talk(terminal, options)).isZero();
        assertThat(terminal.out()).isEqualTo("The code ist 4821 – ü\nThe code ist 4821 – ü\n");
        assertThat(terminal.err()).isEmpty();
        assertThat(requests).hasSize(2);
        JsonNode second = requests.get(1);
        assertThat(second.path("model").asString()).isEqualTo("first");
        assertThat(second.path("max_tokens").asInt()).isEqualTo(20);
        assertThat(second.path("temperature").asDouble()).isZero();
        assertThat(second.path("stream").asBoolean()).isTrue();
        assertThat(second.path("messages").valueStream().map(m -> m.path("role").asString()))
                .containsExactly("system", "user", "assistant", "user");
        assertThat(authorizations).containsOnly("null");
    }

    @Test
    void commandsAreNotSent() throws Exception {
        RecordingTerminal terminal = new RecordingTerminal("one\n/reset\n/help\n/what\ntwo\n/exit\nthree\n", true);
        assertThat(talk(terminal, PLAIN)).isZero();
        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).path("messages").size()).isEqualTo(1);
        assertThat(terminal.err()).contains("unknown command /what", "> ");
        assertThat(terminal.out()).doesNotContain("> ");
    }

    @Test
    void theKeyIsSent() throws Exception {
        RecordingTerminal terminal = new RecordingTerminal("one\n", false);
        try (ChatClient client = ChatClient.of(url() + "/v1/", Optional.of("secret"))) {
            new ChatSession(client, PLAIN, terminal.terminal()).run();
        }
        assertThat(authorizations).containsExactly("Bearer secret");
    }

    @Test
    void theServersErrorIsShownAndEndsAPipe() throws Exception {
        status = 401;
        answer = "{\"error\":{\"message\":\"no such key\",\"code\":\"invalid_api_key\"}}";
        RecordingTerminal piped = new RecordingTerminal("one\ntwo\n", false);
        assertThat(talk(piped, PLAIN)).isEqualTo(1);
        assertThat(piped.err()).isEqualTo("reprise: the server answered 401: no such key" + System.lineSeparator());
        assertThat(requests).hasSize(1);

        RecordingTerminal person = new RecordingTerminal("one\ntwo\n", true);
        assertThat(talk(person, PLAIN)).isZero();
        assertThat(requests).hasSize(3);
    }

    @Test
    void errorsInTheStreamAndCutStreamsFail() throws Exception {
        answer = "data: {\"error\":{\"message\":\"step failed\"}}\n\n";
        RecordingTerminal failed = new RecordingTerminal("one\n", false);
        assertThat(talk(failed, PLAIN)).isEqualTo(1);
        assertThat(failed.err()).contains("the server failed: step failed");

        answer = "data: {\"choices\":[{\"delta\":{\"content\":\"The\"}}]}\n\n";
        RecordingTerminal cut = new RecordingTerminal("one\n", false);
        assertThat(talk(cut, PLAIN)).isEqualTo(1);
        assertThat(cut.out()).isEqualTo("The" + System.lineSeparator());
        assertThat(cut.err()).contains("ended before its end mark");

        answer = "data: nonsense\n\n";
        assertThat(talk(new RecordingTerminal("one\n", false), PLAIN)).isEqualTo(1);
    }

    @Test
    void anUnreachableServerIsSaidSo() throws Exception {
        server.stop(0);
        try (ChatClient client = ChatClient.of(url(), Optional.empty())) {
            assertThatThrownBy(client::firstModel)
                    .isInstanceOf(CliFailure.class)
                    .hasMessageContaining("cannot reach " + url())
                    .hasMessageContaining("--url");
        }
    }

    @Test
    void urlsAreChecked() {
        for (String wrong : List.of("localhost:8000", "ftp://x", "not a url", "http://")) {
            assertThatThrownBy(() -> ChatClient.of(wrong, Optional.empty()))
                    .isInstanceOf(CliFailure.class)
                    .hasMessageContaining(wrong);
        }
    }

    @Test
    void anInterruptStopsAnAnswer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.createContext("/slow/v1/chat/completions", exchange -> {
            asked.countDown();
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
        });
        Thread[] asking = new Thread[1];
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        try (ChatClient client = ChatClient.of(url() + "/slow", Optional.empty())) {
            asking[0] = Thread.ofVirtual().start(() -> {
                try {
                    client.stream("m", PLAIN, List.of(new ChatMessage("user", "x")), text -> {});
                } catch (Exception e) {
                    thrown.add(e);
                }
            });
            asked.await();
            asking[0].interrupt();
            asking[0].join();
        }
        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
    }

    private int talk(RecordingTerminal terminal, ChatOptions options) throws Exception {
        try (ChatClient client = ChatClient.of(url(), Optional.empty())) {
            return new ChatSession(client, options, terminal.terminal()).run();
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
