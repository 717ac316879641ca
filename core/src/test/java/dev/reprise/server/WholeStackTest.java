package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.EngineLoad;
import dev.reprise.engine.local.BatchOptions;
import dev.reprise.engine.local.LocalEngine;
import dev.reprise.engine.local.LocalEngineOptions;
import dev.reprise.engine.local.SamplingChooser;
import dev.reprise.engine.local.model.LlamaModel;
import dev.reprise.engine.local.model.LlamaRunner;
import dev.reprise.engine.local.model.RunnerOptions;
import dev.reprise.engine.local.model.TinyModel;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.http.HttpListener;
import dev.reprise.http.HttpListenerOptions;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.WorkerId;
import dev.reprise.router.LeastLoadedSelector;
import dev.reprise.router.Router;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.ThreadEventLoop;
import dev.reprise.telemetry.Metric;
import dev.reprise.telemetry.MetricRegistry;
import dev.reprise.template.ChatTemplateLoader;
import dev.reprise.testing.TestFiles;
import dev.reprise.testing.TestScale;
import dev.reprise.tokenizer.Tokenizer;
import dev.reprise.tokenizer.TokenizerLoader;
import dev.reprise.tokens.CacheSaltFormula;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Listener, API, template, tokenizer, router and embedded engine together, on a model with random weights. */
class WholeStackTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int BLOCK = 16;
    private static final String CHAT = """
            {"messages":[{"role":"system","content":"The code of Zorvan is 4821. The code of Balmek is 1177."},\
            {"role":"user","content":"What is the code of Zorvan?"}],"temperature":0,"max_tokens":24%s}""";

    private static ThreadEventLoop loop;
    private static ComputePool pool;
    private static LlamaModel model;
    private static LocalEngine engine;
    private static ApiServer server;
    private static HttpListener listener;
    private static HttpClient client;
    private static final MetricRegistry METRICS = new MetricRegistry();
    private static final List<Throwable> ESCAPED = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Tokenizer tokenizer = TokenizerLoader.load(TestFiles.demoModel()).tokenizer();
        TinyModel tiny = new TinyModel(48, 64, 2, 4, 2, 12, tokenizer.vocabularySize(), true);
        loop = new ThreadEventLoop("events", 1 << 16, ESCAPED::add);
        pool = new ComputePool(2);
        model = LlamaModel.load(tiny.write(folder, 3), Precision.INT8, new VectorKernels(), pool);
        LlamaRunner runner = new LlamaRunner(model, new RunnerOptions(BLOCK, 256, 512, 64));
        engine = new LocalEngine(
                new LocalEngineOptions(
                        new WorkerId("local-0"), new ModelId("tiny"), model.weightsDigest(), Set.of(2), batching()),
                runner,
                new SamplingChooser(model.kernels(), tokenizer.vocabularySize()),
                loop,
                new RandomSource(1));
        Router router = new Router(new LeastLoadedSelector(), loop);
        router.setWorkers(List.of(engine));
        ServedModel served = new ServedModel(
                List.of(new ModelId("tiny")),
                folder.toString(),
                model.weightsDigest(),
                Instant.EPOCH,
                tokenizer,
                Optional.of(ChatTemplateLoader.load(TestFiles.demoModel(), loop.clock())),
                DefaultSampling.NEUTRAL,
                new ServedModel.Limits(512, tokenizer.vocabularySize(), BLOCK),
                Set.of(2));
        server = new ApiServer(
                ServerOptions.DEFAULTS,
                new ServerParts(
                        "0",
                        served,
                        Backend.of(router),
                        ApiKeys.none(),
                        new CacheSaltFormula(new byte[32]),
                        loop,
                        new RandomSource(2),
                        METRICS,
                        line -> {}));
        listener = HttpListener.start(HttpListenerOptions.plain("127.0.0.1", 0, server.listenerErrors()), server);
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static BatchOptions batching() {
        BatchOptions defaults = BatchOptions.DEFAULT;
        return new BatchOptions(64, 8, defaults.maxWaitingRequests(), true, defaults.maxFailedSteps());
    }

    @AfterAll
    static void stop() {
        client.close();
        listener.close();
        engine.close();
        model.close();
        pool.close();
        loop.close();
        assertThat(ESCAPED).isEmpty();
    }

    @AfterEach
    void nothingIsHeld() throws InterruptedException {
        assertThat(server.awaitIdle(ServerFixture.LONG)).isTrue();
        long end = System.nanoTime() + ServerFixture.LONG.toNanos();
        // The engine publishes its load first; the end that closes the gauge reaches the event loop after it.
        while (!(isIdle(engine.load()) && METRICS.value(Metric.OPEN_ENGINE_REQUESTS) == 0) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        EngineLoad load = engine.load();
        assertThat(isIdle(load)).as("%s", load).isTrue();
        assertThat(METRICS.value(Metric.OPEN_ENGINE_REQUESTS)).isZero();
        assertThat(METRICS.value(Metric.OPEN_STREAMS)).isZero();
    }

    private static boolean isIdle(EngineLoad load) {
        return load.usedBlocks() == 0 && load.runningRequests() == 0 && load.waitingRequests() == 0;
    }

    private static HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static JsonNode ask(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(post(path, body), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body());
    }

    private static String contentOf(JsonNode answer) {
        return answer.at("/choices/0/message/content").stringValue();
    }

    private static String streamedContent(String frames) {
        assertThat(frames).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
        StringBuilder text = new StringBuilder();
        for (String frame : frames.split("\n\n")) {
            String data = frame.substring("data: ".length());
            if (!data.equals("[DONE]")) {
                text.append(MAPPER.readTree(data).at("/choices/0/delta/content").asString(""));
            }
        }
        return text.toString();
    }

    @Test
    void streamedWholeAndCachedAnswersAreTheSame() throws Exception {
        JsonNode cold = ask("/v1/chat/completions", CHAT.formatted(",\"cache_salt\":\"t1\",\"logprobs\":true"));
        JsonNode warm = ask("/v1/chat/completions", CHAT.formatted(",\"cache_salt\":\"t1\",\"logprobs\":true"));
        assertThat(cold.at("/usage/prompt_tokens_details/cached_tokens").intValue())
                .isZero();
        int prompt = warm.at("/usage/prompt_tokens").intValue();
        assertThat(warm.at("/usage/prompt_tokens_details/cached_tokens").intValue())
                .isEqualTo((prompt - 1) / BLOCK * BLOCK);
        assertThat(warm.at("/choices/0")).isEqualTo(cold.at("/choices/0"));
        String streamed = client.send(
                        post("/v1/chat/completions", CHAT.formatted(",\"stream\":true")),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(streamedContent(streamed)).isEqualTo(contentOf(cold));
    }

    @Test
    void completionsOfTheRenderedTokensAnswerLikeTheChat() throws Exception {
        JsonNode chat = ask("/v1/chat/completions", CHAT.formatted(""));
        JsonNode tokens = ask("/tokenize", CHAT.formatted(""));
        JsonNode completion = ask(
                "/v1/completions",
                "{\"prompt\":%s,\"max_tokens\":24,\"temperature\":0}".formatted(tokens.get("tokens")));
        assertThat(completion.at("/choices/0/text").stringValue()).isEqualTo(contentOf(chat));
        assertThat(tokens.get("count").intValue())
                .isEqualTo(chat.at("/usage/prompt_tokens").intValue());
    }

    @Test
    void manyAtOnceAnswerAsOneAlone() throws Exception {
        String alone = contentOf(ask("/v1/chat/completions", CHAT.formatted("")));
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            answers.add(client.sendAsync(
                    post("/v1/chat/completions", CHAT.formatted(",\"stream\":true,\"cache_salt\":\"s" + i % 3 + "\"")),
                    HttpResponse.BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(streamedContent(answer.get().body())).isEqualTo(alone);
        }
    }

    @Test
    void aStopStringEndsTheAnswerBeforeIt() throws Exception {
        String whole = contentOf(ask("/v1/chat/completions", CHAT.formatted(",\"ignore_eos\":true")));
        int middle = whole.offsetByCodePoints(whole.length() / 2, 0);
        String stop = whole.substring(middle, middle + 2);
        JsonNode stopped = ask(
                "/v1/chat/completions",
                CHAT.formatted(",\"ignore_eos\":true,\"stop\":" + MAPPER.writeValueAsString(stop)));
        assertThat(contentOf(stopped)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(stopped.at("/choices/0/stop_reason").stringValue()).isEqualTo(stop);
    }

    @Test
    void aClientThatLeavesFreesItsBlocks() throws Exception {
        HttpResponse<InputStream> answer = client.send(
                post("/v1/chat/completions", CHAT.formatted(",\"stream\":true,\"ignore_eos\":true")),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            assertThat(body.read()).isEqualTo('d');
        }
        // The first must be gone before the second is waited for by the same count.
        assertThat(server.awaitIdle(ServerFixture.LONG)).isTrue();
        HttpClient impatient = HttpClient.newHttpClient();
        CompletableFuture<HttpResponse<String>> whole = impatient.sendAsync(
                post("/v1/completions", "{\"prompt\":\"x\",\"max_tokens\":500,\"ignore_eos\":true}"),
                HttpResponse.BodyHandlers.ofString());
        while (server.openRequests() == 0 && !whole.isDone()) {
            Thread.onSpinWait();
        }
        impatient.shutdownNow();
    }

    @Test
    void mutatedRequestsLeaveNoBlocksBehind() throws Exception {
        RandomSource random = new RandomSource(17);
        int rounds = TestScale.either(50_000, 2_000);
        String before = greedyText();
        List<String> paths = List.of("/v1/chat/completions", "/v1/completions", "/tokenize", "/detokenize");
        for (int i = 0; i < rounds; i++) {
            String path = paths.get(random.nextInt(paths.size()));
            byte[] body = RequestMutator.draw(random);
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as("round %d: %s %s", i, new String(body, StandardCharsets.ISO_8859_1), answer.body())
                    .isIn(200, 400, 404, 501);
        }
        assertThat(greedyText()).as("the same question as before").isEqualTo(before);
    }

    private String greedyText() throws Exception {
        HttpResponse<String> answer = client.send(
                post("/v1/completions", "{\"prompt\":\"a b c d e f\",\"temperature\":0,\"max_tokens\":12}"),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body()).at("/choices/0/text").stringValue();
    }

    @Test
    void aPromptLongerThanTheContextNamesBothNumbers() throws Exception {
        HttpResponse<String> answer = client.send(
                post("/v1/completions", "{\"prompt\":\"%s\"}".formatted("a b c d ".repeat(300))),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("context_length_exceeded").contains("512");
    }
}
