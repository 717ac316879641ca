package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.http.HttpExchange;
import dev.reprise.identity.ModelId;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.RandomSource;
import dev.reprise.telemetry.Metric;
import dev.reprise.telemetry.MetricRegistry;
import dev.reprise.template.ChatTemplate;
import dev.reprise.template.TemplateException;
import dev.reprise.tokens.CacheSaltFormula;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server over a fake engine; closing checks that nothing was left open. */
final class ServerFixture implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);
    private static final JsonMapper MAPPER = new JsonMapper();

    final FakeBackend backend = new FakeBackend();
    final MetricRegistry metrics = new MetricRegistry();
    final List<RequestLog> log = new CopyOnWriteArrayList<>();
    final ApiServer server;

    ServerFixture() {
        this(ServerOptions.DEFAULTS, ApiKeys.none());
    }

    ServerFixture(ServerOptions options, ApiKeys keys) {
        this(options, keys, Optional.empty());
    }

    ServerFixture(ServerOptions options, ApiKeys keys, Optional<EventLoop> timers) {
        ChatTemplate template = (messages, render) -> {
            StringBuilder text = new StringBuilder();
            for (JsonNode message : messages) {
                String role = message.get("role").stringValue();
                if (role.equals("raise")) {
                    throw new TemplateException(TemplateException.Kind.RAISED, "roles must alternate");
                }
                text.append(role)
                        .append(": ")
                        .append(message.get("content").stringValue())
                        .append("\n");
            }
            return text + (render.addGenerationPrompt() ? "assistant:" : "");
        };
        ServedModel model = new ServedModel(
                List.of(new ModelId("tiny-llama"), new ModelId("alias")),
                "models/tiny-llama",
                "0123456789abcdef",
                Instant.ofEpochSecond(1_700_000_000),
                new FakeTokenizer(),
                Optional.of(template),
                DefaultSampling.NEUTRAL,
                new ServedModel.Limits(2_048, FakeTokenizer.VOCABULARY, 32),
                Set.of(FakeTokenizer.END));
        server = new ApiServer(
                options,
                new ServerParts(
                        "1.2.3",
                        model,
                        backend,
                        keys,
                        new CacheSaltFormula(new byte[16]),
                        timers.orElse(backend.loop),
                        new RandomSource(1),
                        metrics,
                        log::add));
    }

    /** Serves to the end; fails when that takes too long. */
    FakeExchange serve(FakeExchange exchange) {
        Serving serving = start(exchange);
        serving.join();
        return exchange;
    }

    Serving start(HttpExchange exchange) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                server.handle(exchange);
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                failure.set(e);
            }
        });
        return new Serving(thread, failure);
    }

    record Serving(Thread thread, AtomicReference<Throwable> failure) {
        /** Waits for the end; the exception that the handler threw, if any. */
        Optional<Throwable> join() {
            try {
                assertThat(thread.join(LONG)).as("the handler hangs").isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return Optional.ofNullable(failure.get());
        }
    }

    JsonNode chat(String body) {
        FakeExchange exchange = serve(FakeExchange.post("/v1/chat/completions", body));
        return MAPPER.readTree(exchange.body());
    }

    static JsonNode json(FakeExchange exchange) {
        return MAPPER.readTree(exchange.body());
    }

    /** Waits until requests that were cut off have ended, then checks that nothing is open. */
    void assertNothingOpenSoon() {
        try {
            assertThat(server.awaitIdle(LONG)).as("requests end").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertNothingOpen();
    }

    /** Checks that neither server nor engine has anything open. */
    void assertNothingOpen() {
        long end = System.nanoTime() + LONG.toNanos();
        while (backend.live.get() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        java.util.concurrent.CountDownLatch settled = new java.util.concurrent.CountDownLatch(1);
        backend.loop.execute(settled::countDown);
        try {
            assertThat(settled.await(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(backend.live.get()).as("engine requests that run").isZero();
        assertThat(server.openRequests()).as("open requests").isZero();
        assertThat(metrics.value(Metric.OPEN_REQUESTS)).isZero();
        assertThat(metrics.value(Metric.OPEN_STREAMS)).isZero();
        assertThat(metrics.value(Metric.OPEN_ENGINE_REQUESTS)).isZero();
    }

    @Override
    public void close() {
        assertNothingOpen();
        backend.close();
    }
}
