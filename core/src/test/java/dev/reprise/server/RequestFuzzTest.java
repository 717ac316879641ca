package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.runtime.RandomSource;
import dev.reprise.testing.TestScale;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Mutated requests: whatever a client sends is its own fault (4xx), or is not built (501), or is answered; never
 * anything else, never a hang, and nothing stays open.
 */
class RequestFuzzTest {
    private static final long SEED = 20_261_121;
    private static final Set<Integer> ALLOWED = Set.of(200, 400, 401, 404, 405, 413, 501);
    private static final List<String> PATHS = List.of(
            "/v1/chat/completions",
            "/v1/chat/completions",
            "/v1/chat/completions",
            "/v1/completions",
            "/v1/completions",
            "/v1/completions",
            "/tokenize",
            "/detokenize",
            "/v1/models",
            "/v1/nothing",
            "/health");

    @Test
    void everyRequestIsAnsweredAndNothingStaysOpen() {
        int rounds = TestScale.rounds(50_000, 2_000);
        RandomSource random = new RandomSource(SEED);
        ApiKeys keys = ApiKeys.of(List.of("secret"), List.of());
        try (ServerFixture fixture = new ServerFixture(ServerOptions.DEFAULTS, keys)) {
            fixture.backend.script = request -> FakeBackend.Script.text("abcoxyzé");
            int answered = 0;
            for (int i = 0; i < rounds; i++) {
                byte[] body = RequestMutator.draw(random);
                FakeExchange exchange = exchange(body, random);
                ServerFixture.Serving serving = fixture.start(exchange);
                if (random.nextInt(50) == 0) {
                    exchange.disconnect();
                    serving.join();
                    continue;
                }
                assertThat(serving.join()).as("round %d: %s", i, show(body)).isEmpty();
                check(exchange, i, body);
                answered += exchange.status() == 200 ? 1 : 0;
            }
            assertThat(answered).as("requests that were served").isGreaterThan(rounds / 20);
            fixture.assertNothingOpen();
            FakeExchange after =
                    fixture.serve(FakeExchange.post("/v1/completions", "{\"prompt\":\"x\",\"max_tokens\":3}")
                            .with("Authorization", "Bearer secret"));
            assertThat(ServerFixture.json(after)
                            .get("choices")
                            .get(0)
                            .get("text")
                            .stringValue())
                    .isEqualTo("abc");
        }
    }

    private static void check(FakeExchange exchange, int round, byte[] body) {
        String what = "round %d: %s %s".formatted(round, exchange.request().path(), show(body));
        assertThat(exchange.status()).as(what + exchange.body()).isIn(ALLOWED);
        assertThat(exchange.answers()).as(what).isEqualTo(1);
        assertThat(exchange.finished()).as(what).isTrue();
        assertThat(exchange.header("X-Request-Id")).as(what).isPresent();
        if (exchange.status() != 200) {
            JsonNode error = ServerFixture.json(exchange).get("error");
            assertThat(error.get("message").stringValue()).as(what).isNotBlank();
            assertThat(error.get("code").stringValue()).as(what).matches("[a-z_]+");
        } else if (exchange.body().startsWith("data: ")) {
            assertThat(exchange.body()).as(what).endsWith("data: [DONE]\n\n").doesNotContain("\"error\"");
        }
    }

    private static FakeExchange exchange(byte[] body, RandomSource random) {
        String path = PATHS.get(random.nextInt(PATHS.size()));
        String key = random.nextInt(20) == 0 ? "wrong" : "secret";
        FakeExchange exchange = random.nextInt(30) == 0 ? FakeExchange.get(path) : FakeExchange.post(path, body);
        FakeExchange authorized = exchange.with("Authorization", "Bearer " + key);
        return random.nextInt(40) == 0 ? authorized.with("X-Request-Id", "a b\u00e9") : authorized;
    }

    private static String show(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return text.length() > 2_000 ? text.substring(0, 2_000) + "…" : text;
    }
}
