package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.EngineErrorCode;
import dev.reprise.engine.EngineHealth;
import dev.reprise.engine.EngineRequest;
import dev.reprise.http.ClientGoneException;
import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpResponse;
import dev.reprise.http.ListenerError;
import dev.reprise.identity.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class ApiServerTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETIONS = "/v1/completions";
    private static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":50}";
    private static final String HELLO_STREAM = HELLO.replace("}],", "}],\"stream\":true,");

    private static ServerOptions options(int maxOpen, int window, Duration timeout) {
        return new ServerOptions(
                timeout,
                Duration.ofSeconds(15),
                maxOpen,
                128,
                window,
                2,
                Duration.ofSeconds(3),
                CacheScopePolicy.AUTO,
                false);
    }

    private static String code(FakeExchange exchange) {
        return ServerFixture.json(exchange).get("error").get("code").stringValue();
    }

    private static String param(FakeExchange exchange) {
        return ServerFixture.json(exchange).get("error").get("param").stringValue();
    }

    private static String message(FakeExchange exchange) {
        return ServerFixture.json(exchange).get("error").get("message").stringValue();
    }

    @Test
    void aChatIsRenderedGeneratedAndCounted() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.cachedTokens = 7;
            JsonNode answer = fixture.chat(HELLO);
            assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo("Hello");
            assertThat(answer.at("/usage/prompt_tokens").intValue()).isEqualTo("user: hi\nassistant:".length());
            assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(5);
            assertThat(answer.at("/usage/prompt_tokens_details/cached_tokens").intValue())
                    .isEqualTo(7);
            String metrics = new String(fixture.metrics.expose(), StandardCharsets.UTF_8);
            assertThat(metrics)
                    .contains("reprise_requests_total{endpoint=\"/v1/chat/completions\",status_class=\"2xx\"} 1.0")
                    .contains("reprise_output_tokens_total{model=\"tiny-llama\"} 5.0")
                    .contains("reprise_cached_prompt_tokens_total{model=\"tiny-llama\"} 7.0")
                    .contains("reprise_time_to_first_token_seconds_count{model=\"tiny-llama\"} 1")
                    .contains("reprise_inter_token_latency_seconds_count{model=\"tiny-llama\"} 4")
                    .contains("reprise_worker_used_blocks{worker=\"worker-0\"} 1.0")
                    .contains("reprise_worker_steps_total{worker=\"worker-0\"} 3.0")
                    .contains("reprise_build_info{version=\"1.2.3\"} 1.0");
            RequestLog line = fixture.log.getFirst();
            assertThat(line.generation().orElseThrow().outputTokens()).isEqualTo(5);
            assertThat(line.toJson())
                    .startsWith("{\"event\":\"request\",\"request_id\":\"")
                    .doesNotContain("hi");
        }
    }

    @Test
    void partsOfAContentAreJoinedByLines() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.chat("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
                    + "{\"type\":\"text\",\"text\":\"b\"}]}],\"max_tokens\":1}");
            String prompt = new FakeTokenizer()
                    .decode(fixture.backend.submitted.getFirst().prompt(), false);
            assertThat(prompt).isEqualTo("user: a\nb\nassistant:");
        }
    }

    @Test
    void whatARequestSaysReachesTheEngine() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.serve(FakeExchange.post(
                    COMPLETIONS,
                    "{\"prompt\":\"x\",\"temperature\":0.25,\"top_p\":0.5,\"top_k\":-1,\"seed\":9,\"n\":2,"
                            + "\"max_tokens\":4,\"stop_token_ids\":[3],\"ignore_eos\":true,\"priority\":-2}"));
            assertThat(fixture.backend.submitted).hasSize(2);
            EngineRequest second = fixture.backend.submitted.get(1);
            assertThat(second.sampling().temperature()).isEqualTo(0.25);
            assertThat(second.sampling().topP()).isEqualTo(0.5);
            assertThat(second.sampling().topK()).isZero();
            assertThat(second.sampling().seed()).hasValue(10);
            assertThat(second.stop().maxTokens()).isEqualTo(4);
            assertThat(second.stop().stopTokenIds()).containsExactly(3);
            assertThat(second.stop().ignoreEos()).isTrue();
            assertThat(second.priority()).isEqualTo(-2);
        }
    }

    @Test
    void chatsMayFillTheContextAndCompletionsGetSixteenTokens() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.serve(FakeExchange.post(COMPLETIONS, "{\"prompt\":[1,2]}"));
            fixture.chat("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            assertThat(fixture.backend.submitted.get(0).stop().maxTokens()).isEqualTo(16);
            int prompt = fixture.backend.submitted.get(1).prompt().size();
            assertThat(fixture.backend.submitted.get(1).stop().maxTokens()).isEqualTo(2_048 - prompt);
        }
    }

    @Test
    void stopStringsEndTheEnginesWorkAndNoPartOfThemIsSent() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request ->
                    FakeBackend.Script.text("one tw three two END never").hanging();
            FakeExchange exchange = fixture.serve(FakeExchange.post(
                    COMPLETIONS, "{\"prompt\":\"x\",\"max_tokens\":90,\"stream\":true,\"stop\":[\"two END\",\"z\"]}"));
            StringBuilder text = new StringBuilder();
            for (String frame : exchange.body().split("\n\n")) {
                if (!frame.contains("[DONE]")) {
                    text.append(frame.replaceAll(".*\"text\":\"([^\"]*)\".*", "$1"));
                }
            }
            assertThat(text.toString()).isEqualTo("one tw three ");
            assertThat(exchange.body()).contains("\"finish_reason\":\"stop\",\"stop_reason\":\"two END\"");
        }
    }

    @Test
    void aStopStringThatNeverCompletesIsReleasedAtTheEnd() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.text("ab EN");
            FakeExchange exchange = fixture.serve(
                    FakeExchange.post(COMPLETIONS, "{\"prompt\":\"x\",\"max_tokens\":90,\"stop\":\"END\"}"));
            assertThat(ServerFixture.json(exchange).at("/choices/0/text").stringValue())
                    .isEqualTo("ab EN");
        }
    }

    @Test
    void theTextOfAnEndTokenIsNeverSent() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.tokens(104, 105, FakeTokenizer.END);
            FakeExchange exchange = fixture.serve(FakeExchange.post(
                    COMPLETIONS, "{\"prompt\":\"x\",\"max_tokens\":90,\"skip_special_tokens\":false}"));
            JsonNode choice = ServerFixture.json(exchange).at("/choices/0");
            assertThat(choice.get("text").stringValue()).isEqualTo("hi");
            assertThat(choice.get("finish_reason").stringValue()).isEqualTo("stop");
            assertThat(choice.get("stop_reason").isNull()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aClientThatLeavesEndsTheEnginesWork(boolean stream) throws InterruptedException {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.text("some").hanging();
            FakeExchange exchange = FakeExchange.post(CHAT, stream ? HELLO_STREAM : HELLO);
            ServerFixture.Serving serving = fixture.start(exchange);
            if (stream) {
                exchange.awaitFirstWrite();
            }
            exchange.disconnect();
            assertThat(serving.join()).containsInstanceOf(ClientGoneException.class);
            fixture.assertNothingOpen();
            assertThat(fixture.log.getFirst().status()).isEqualTo(499);
        }
    }

    @Test
    void anInterruptedRequestIsLoggedAsShutDown() throws InterruptedException {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.text("some").hanging();
            FakeExchange exchange = FakeExchange.post(CHAT, HELLO_STREAM);
            ServerFixture.Serving serving = fixture.start(exchange);
            exchange.awaitFirstWrite();
            serving.thread().interrupt();
            assertThat(serving.join()).containsInstanceOf(InterruptedException.class);
            fixture.assertNothingOpen();
            assertThat(exchange.closed()).isTrue();
            assertThat(fixture.log.getFirst().errorCode()).contains("shutting_down");
        }
    }

    @Test
    void aSlowClientHoldsItsOwnGenerationToTheWindow() {
        try (ServerFixture fixture = new ServerFixture(options(8, 4, Duration.ofMinutes(1)), ApiKeys.none())) {
            fixture.backend.script = request -> FakeBackend.Script.text("x".repeat(200));
            FakeExchange exchange = fixture.serve(FakeExchange.post(
                    COMPLETIONS, "{\"prompt\":\"x\",\"max_tokens\":200,\"stream\":true,\"stop\":\"xy\"}"));
            assertThat(exchange.finished()).isTrue();
            assertThat(fixture.backend.mostAhead.get()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void anEngineThatOverrunsItsWindowFailsTheRequestAlone() {
        Mailbox mailbox = new Mailbox(2);
        for (int i = 0; i < 3; i++) {
            mailbox.put(new Signal.KeepAliveDue());
        }
        try {
            assertThat(mailbox.take()).isInstanceOf(Signal.WindowExceeded.class);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void silenceIsFilledWithCommentsUntilTheDeadlineEndsTheStream() throws InterruptedException {
        ManualLoop timers = new ManualLoop();
        try (ServerFixture fixture =
                new ServerFixture(options(8, 256, Duration.ofSeconds(50)), ApiKeys.none(), Optional.of(timers))) {
            fixture.backend.script = request -> FakeBackend.Script.text("a").hanging();
            FakeExchange exchange = FakeExchange.post(CHAT, HELLO_STREAM);
            ServerFixture.Serving serving = fixture.start(exchange);
            exchange.awaitFirstWrite();
            // Deadline and first keep-alive are set; each keep-alive sets the next, the first finds a piece was sent.
            for (int i = 0; i < 3; i++) {
                timers.awaitTimers(2 + i);
                timers.advance(Duration.ofSeconds(15));
            }
            timers.awaitTimers(5);
            timers.advance(Duration.ofSeconds(15));
            assertThat(serving.join()).isEmpty();
            assertThat(exchange.body())
                    .contains("\n\n: keep-alive\n\n: keep-alive\n\ndata: {\"error\"")
                    .endsWith("\"type\":\"service_unavailable_error\",\"param\":null,"
                            + "\"code\":\"deadline_exceeded\"}}\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void aWholeAnswerThatTakesTooLongIs504() {
        ManualLoop timers = new ManualLoop();
        try (ServerFixture fixture =
                new ServerFixture(options(8, 256, Duration.ofSeconds(50)), ApiKeys.none(), Optional.of(timers))) {
            fixture.backend.script = request -> FakeBackend.Script.text("a").hanging();
            FakeExchange exchange = FakeExchange.post(CHAT, HELLO);
            ServerFixture.Serving serving = fixture.start(exchange);
            while (serving.thread().isAlive()) {
                timers.advance(Duration.ofSeconds(10));
                Thread.yield();
            }
            serving.join();
            assertThat(exchange.status()).isEqualTo(504);
            assertThat(code(exchange)).isEqualTo("deadline_exceeded");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TOO_LONG, 400, context_length_exceeded",
        "INVALID_REQUEST, 400, invalid_value",
        "OVERLOADED, 503, overloaded",
        "DEADLINE_EXCEEDED, 504, deadline_exceeded",
        "COMPUTE_FAILED, 500, compute_failed",
        "SHUTDOWN, 503, shutting_down"
    })
    void enginesFailuresHaveAStatusOrEndTheStream(EngineErrorCode failure, int status, String code) {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.text("").failing(failure);
            for (String body : List.of(HELLO, HELLO_STREAM)) {
                FakeExchange refused = fixture.serve(FakeExchange.post(CHAT, body));
                assertThat(refused.status()).isEqualTo(status);
                assertThat(code(refused)).isEqualTo(code);
                assertThat(refused.header("Retry-After").isPresent()).isEqualTo(status == 503);
            }
            fixture.backend.script = request -> FakeBackend.Script.text("ab").failing(failure);
            FakeExchange begun = fixture.serve(FakeExchange.post(CHAT, HELLO_STREAM));
            assertThat(begun.status()).isEqualTo(200);
            assertThat(begun.body())
                    .contains("\"content\":\"a\"")
                    .contains("data: {\"error\":{\"message\":\"scripted failure\"")
                    .contains("\"code\":\"" + code + "\"")
                    .endsWith("data: [DONE]\n\n");
            assertThat(fixture.log.getLast().errorCode()).contains(code);
        }
    }

    @Test
    void oneChoiceThatFailsEndsTheOthers() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> request.id().value().endsWith(".1")
                    ? FakeBackend.Script.text("").failing(EngineErrorCode.COMPUTE_FAILED)
                    : FakeBackend.Script.text("a").hanging();
            FakeExchange exchange = fixture.serve(FakeExchange.post(COMPLETIONS, "{\"prompt\":\"x\",\"n\":3}"));
            assertThat(exchange.status()).isEqualTo(500);
            fixture.assertNothingOpen();
        }
    }

    @Test
    void whatIsBeyondTheOpenRequestsIsToldToComeBack() throws InterruptedException {
        try (ServerFixture fixture = new ServerFixture(options(1, 256, Duration.ofMinutes(1)), ApiKeys.none())) {
            fixture.backend.script = request -> FakeBackend.Script.text("a").hanging();
            FakeExchange first = FakeExchange.post(CHAT, HELLO_STREAM);
            ServerFixture.Serving serving = fixture.start(first);
            first.awaitFirstWrite();
            FakeExchange second = fixture.serve(FakeExchange.post(CHAT, HELLO));
            assertThat(second.status()).isEqualTo(503);
            assertThat(code(second)).isEqualTo("overloaded");
            assertThat(second.header("Retry-After")).contains("3");
            first.disconnect();
            serving.join();
        }
    }

    @Test
    void drainingRefusesNewWorkAndLetsOpenWorkEnd() throws InterruptedException {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.text("a").hanging();
            FakeExchange first = FakeExchange.post(CHAT, HELLO_STREAM);
            ServerFixture.Serving serving = fixture.start(first);
            first.awaitFirstWrite();
            assertThat(fixture.serve(FakeExchange.get("/ready")).status()).isEqualTo(200);
            fixture.server.drain();
            assertThat(fixture.serve(FakeExchange.get("/ready")).status()).isEqualTo(503);
            assertThat(fixture.serve(FakeExchange.get("/health")).status()).isEqualTo(503);
            assertThat(fixture.serve(FakeExchange.get("/live")).status()).isEqualTo(200);
            FakeExchange second = fixture.serve(FakeExchange.post(CHAT, HELLO));
            assertThat(code(second)).isEqualTo("shutting_down");
            assertThat(fixture.server.awaitIdle(Duration.ofNanos(1))).isFalse();
            first.disconnect();
            assertThat(fixture.server.awaitIdle(ServerFixture.LONG)).isTrue();
            serving.join();
        }
    }

    @Test
    void withoutAHealthyWorkerNothingIsReadyAndRequestsAreRefused() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.health = new EngineHealth.Unhealthy("out of memory");
            FakeExchange health = fixture.serve(FakeExchange.get("/health"));
            assertThat(health.status()).isEqualTo(503);
            assertThat(message(health)).contains("worker-0").contains("out of memory");
            assertThat(code(fixture.serve(FakeExchange.post(CHAT, HELLO)))).isEqualTo("no_worker");
        }
    }

    @Test
    void keysAreAskedForWhereWorkIsDone() {
        ApiKeys keys = ApiKeys.of(List.of("secret"), List.of("other tenant-b"));
        try (ServerFixture fixture = new ServerFixture(ServerOptions.DEFAULTS, keys)) {
            FakeExchange refused = fixture.serve(FakeExchange.post(CHAT, HELLO));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(code(refused)).isEqualTo("invalid_api_key");
            assertThat(refused.header("WWW-Authenticate")).contains("Bearer");
            assertThat(fixture.serve(FakeExchange.get("/v1/models")).status()).isEqualTo(401);
            assertThat(fixture.serve(FakeExchange.post("/tokenize", "{}")).status())
                    .isEqualTo(401);
            for (String open : List.of("/live", "/ready", "/health", "/metrics", "/version")) {
                assertThat(fixture.serve(FakeExchange.get(open)).status())
                        .as(open)
                        .isEqualTo(200);
            }
            fixture.serve(FakeExchange.post(CHAT, HELLO).with("Authorization", "Bearer secret"));
            fixture.serve(FakeExchange.post(CHAT, HELLO).with("Authorization", "bearer other"));
            assertThat(fixture.backend.submitted)
                    .extracting(EngineRequest::tenant)
                    .containsExactly(ApiKeys.DEFAULT_TENANT, new TenantId("tenant-b"));
            assertThat(fixture.backend.submitted)
                    .extracting(EngineRequest::salt)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void oneTenantSharesAndTheClientsSaltSeparates() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.chat(HELLO);
            fixture.chat(HELLO);
            fixture.chat(HELLO.replace("{\"messages", "{\"cache_salt\":\"a\",\"messages"));
            List<EngineRequest> requests = fixture.backend.submitted;
            assertThat(requests.get(0).salt()).isEqualTo(requests.get(1).salt());
            assertThat(requests.get(0).salt()).isNotEqualTo(requests.get(2).salt());
        }
    }

    @Test
    void requestIdsAreEchoedMadeOrRefused() {
        try (ServerFixture fixture = new ServerFixture()) {
            FakeExchange named = fixture.serve(FakeExchange.post(CHAT, HELLO).with("x-request-id", "abc"));
            assertThat(named.header("X-Request-Id")).contains("abc");
            assertThat(ServerFixture.json(named).get("id").stringValue()).isEqualTo("chatcmpl-abc");
            FakeExchange inBody = fixture.serve(
                    FakeExchange.post(CHAT, HELLO.replace("{\"messages", "{\"request_id\":\"b\",\"messages")));
            assertThat(inBody.header("X-Request-Id")).contains("b");
            FakeExchange made = fixture.serve(FakeExchange.get("/version"));
            assertThat(made.header("X-Request-Id").orElseThrow()).matches("[0-9a-f]{32}");
            for (String bad : List.of("a b", "é", "x".repeat(129))) {
                FakeExchange refused =
                        fixture.serve(FakeExchange.get("/version").with("X-Request-Id", bad));
                assertThat(refused.status()).isEqualTo(400);
                assertThat(refused.header("X-Request-Id").orElseThrow()).matches("[0-9a-f]{32}");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"messages\":[{\"role\":\"raise\",\"content\":\"x\"}]} | 400 | invalid_value | messages",
                "{\"messages\":[]} | 400 | invalid_value | messages",
                "{\"messages\":[{\"content\":\"x\"}]} | 400 | missing_field | messages[0].role",
                "{\"messages\":[{\"role\":\"user\",\"content\":7}]} | 400 | invalid_type | messages[0].content",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]}"
                        + " | 501 | not_implemented | messages[0].content[0].type",
                "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{}]}]}"
                        + " | 501 | not_implemented | messages[0].tool_calls",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\"}]}"
                        + " | 501 | not_implemented | tools",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_object\"}}"
                        + " | 501 | not_implemented | response_format",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"top_logprobs\":2}"
                        + " | 400 | invalid_value | top_logprobs",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":1e999}"
                        + " | 400 | invalid_value | temperature",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]} | 400 | invalid_value"
                        + " | messages[0].content",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"n\":129} | 400 | invalid_value | n",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"seed\":1e30} | 400 | invalid_type | seed",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"continue_final_message\":true}"
                        + " | 400 | invalid_value | continue_final_message",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":[\"\"]} | 400 | invalid_value | stop",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop_token_ids\":[8192]}"
                        + " | 400 | invalid_value | stop_token_ids",
                "{\"model\":\"nope\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                        + " | 404 | model_not_found | model"
            })
    void badChatsAreRefusedByField(String body, int status, String code, String param) {
        try (ServerFixture fixture = new ServerFixture()) {
            FakeExchange exchange = fixture.serve(FakeExchange.post(CHAT, body));
            assertThat(exchange.status()).as(exchange.body()).isEqualTo(status);
            assertThat(code(exchange)).isEqualTo(code);
            assertThat(param(exchange)).isEqualTo(param);
            assertThat(fixture.backend.submitted).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\":\"x\",\"echo\":true} | 501 | echo",
                "{\"prompt\":\"x\",\"best_of\":3} | 501 | best_of",
                "{\"prompt\":\"x\",\"min_tokens\":2} | 501 | min_tokens",
                "{\"prompt\":[[]]} | 400 | prompt",
                "{\"prompt\":[1,\"a\"]} | 400 | prompt[1]",
                "{\"prompt\":[\"a\",1]} | 400 | prompt[1]",
                "{\"prompt\":{}} | 400 | prompt",
                "{\"prompt\":[-1]} | 400 | prompt[0]",
                "{\"prompt\":[99999]} | 400 | prompt",
                "{\"prompt\":\"x\",\"logprobs\":true} | 400 | logprobs",
                "{\"prompt\":\"x\",\"logprobs\":21} | 400 | logprobs"
            })
    void badCompletionsAreRefusedByField(String body, int status, String param) {
        try (ServerFixture fixture = new ServerFixture()) {
            FakeExchange exchange = fixture.serve(FakeExchange.post(COMPLETIONS, body));
            assertThat(exchange.status()).as(exchange.body()).isEqualTo(status);
            assertThat(param(exchange)).isEqualTo(param);
        }
    }

    @Test
    void aContextThatIsTooLongNamesBothNumbers() {
        try (ServerFixture fixture = new ServerFixture()) {
            FakeExchange exchange =
                    fixture.serve(FakeExchange.post(COMPLETIONS, "{\"prompt\":\"" + "x".repeat(3_000) + "\"}"));
            assertThat(code(exchange)).isEqualTo("context_length_exceeded");
            assertThat(message(exchange)).contains("2048").contains("3001");
        }
    }

    @Test
    void aBodyThatIsNotJsonIsRefused() {
        try (ServerFixture fixture = new ServerFixture(options(8, 8, Duration.ofMinutes(1)), ApiKeys.none())) {
            FakeExchange text = fixture.serve(new FakeExchange(
                    "POST", CHAT, HttpHeaders.EMPTY.with("Content-Type", "text/plain; charset=utf-8"), new byte[] {1}));
            assertThat(code(text)).isEqualTo("unsupported_media_type");
        }
    }

    @Test
    void theListenersRefusalsHaveTheSameShape() {
        try (ServerFixture fixture = new ServerFixture()) {
            for (ListenerError error : ListenerError.values()) {
                HttpResponse response = fixture.server.listenerErrors().toResponse(error, "too much");
                assertThat(response.status()).isEqualTo(error.status());
                assertThat(response.headers().first("X-Request-Id")).isPresent();
                assertThat(new String(response.body(), StandardCharsets.UTF_8))
                        .startsWith("{\"error\":{\"message\":\"too much\"")
                        .contains("\"code\":\"" + error.code() + "\"");
            }
        }
    }

    @Test
    void logprobsThatNoWorkerReportsAreNotImplemented() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.capabilities = Set.of();
            FakeExchange exchange = fixture.serve(FakeExchange.post(COMPLETIONS, "{\"prompt\":\"x\",\"logprobs\":1}"));
            assertThat(exchange.status()).isEqualTo(501);
            assertThat(param(exchange)).isEqualTo("logprobs");
        }
    }

    @Test
    void promptsAndAnswersAreLoggedOnlyWhenAsked() {
        ServerOptions logging = new ServerOptions(
                Duration.ofMinutes(1),
                Duration.ofSeconds(15),
                8,
                8,
                8,
                1,
                Duration.ofSeconds(1),
                CacheScopePolicy.AUTO,
                true);
        try (ServerFixture fixture = new ServerFixture(logging, ApiKeys.none())) {
            fixture.chat(HELLO);
            assertThat(fixture.log.getFirst().toJson())
                    .contains("\"prompt\":\"user: hi\\nassistant:\",\"answer\":\"Hello\"}");
        }
    }

    @Test
    void modelsCanBeNamedByEachAlias() {
        try (ServerFixture fixture = new ServerFixture()) {
            assertThat(ServerFixture.json(fixture.serve(FakeExchange.get("/v1/models/alias")))
                            .get("id")
                            .stringValue())
                    .isEqualTo("alias");
            assertThat(code(fixture.serve(FakeExchange.get("/v1/models/none")))).isEqualTo("model_not_found");
        }
    }

    @Test
    void anUnknownModelIsNeverShownWithHalfACharacter() {
        try (ServerFixture fixture = new ServerFixture()) {
            FakeExchange exchange = fixture.serve(FakeExchange.get("/v1/models/" + "a".repeat(99) + "\uD83D\uDE00b"));
            assertThat(code(exchange)).isEqualTo("model_not_found");
            assertThat(exchange.body()).contains("`" + "a".repeat(99) + "…`");
        }
    }
}
