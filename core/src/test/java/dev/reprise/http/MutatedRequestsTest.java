package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestScale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever bytes come: an answer that blames the client, or the end of the connection; and service as before. */
@ExtendWith(LeakCheck.class)
class MutatedRequestsTest {
    private static final long SEED = 20_251_121;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final List<Integer> ALLOWED = List.of(100, 200, 400, 408, 413, 414, 417, 431, 501, 505);
    private static final List<String> SEEDS = List.of(
            "GET /v1/models?x=1 HTTP/1.1\r\nHost: t\r\nAccept: */*\r\n\r\n",
            "POST /v1/completions HTTP/1.1\r\nHost: t\r\nContent-Length: 12\r\n\r\n{\"prompt\":1}",
            "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: x\r\n\r\n",
            "POST /e HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
            "GET /1 HTTP/1.1\r\nHost: t\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
            "GET http://t/abs HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    private static final List<String> PIECES = List.of(
            "\r\n",
            "\n",
            "\r",
            "\0",
            ":",
            " ",
            "\t",
            "%",
            "%0d%0a",
            "chunked",
            "Content-Length: 5\r\n",
            "-1",
            "99999999999999",
            "Transfer-Encoding: chunked\r\n",
            "Host: u\r\n",
            "HTTP/2.0",
            "ffffffff\r\n",
            "?",
            "#",
            "\u00ff",
            ";");

    private final Random random = new Random(SEED);

    @Test
    void noBytesHarmTheListener() throws Exception {
        var limits = new HttpLimits(64, 256, 1_024, 4_096, 65_536);
        try (HttpListener listener = HttpListener.start(Listeners.options().withLimits(limits), Listeners::echo)) {
            int rounds = TestScale.rounds(10_000, 500);
            for (int round = 0; round < rounds; round++) {
                String request = mutate(SEEDS.get(random.nextInt(SEEDS.size())));
                checkAnswers(request, answers(listener, request));
            }
            try (RawClient client = RawClient.to(listener)) {
                assertThat(client.get("/after").readAnswer())
                        .startsWith("HTTP/1.1 200")
                        .endsWith("GET|/after||");
            }
            listener.stopAccepting();
            assertThat(listener.awaitIdle(Listeners.LONG)).isTrue();
            assertThat(listener.stats()).isEqualTo(new ListenerStats(0, 0, 0, 0));
        }
    }

    private static void checkAnswers(String request, String answers) {
        Matcher status = STATUS.matcher(answers);
        while (status.find()) {
            assertThat(ALLOWED).as(request).contains(Integer.parseInt(status.group(1)));
        }
        assertThat(answers).as(request).matches(all -> all.isEmpty() || all.startsWith("HTTP/1.1 "));
    }

    /** Sends in two parts at a random place and ends the output, so that nothing waits for the rest of a request. */
    private String answers(HttpListener listener, String request) throws IOException {
        try (RawClient client = RawClient.to(listener)) {
            int cut = random.nextInt(request.length() + 1);
            try {
                client.send(request.substring(0, cut)).send(request.substring(cut));
                client.socket().shutdownOutput();
            } catch (IOException _) {
                // The listener had seen enough and closed; its answer may still be there.
            }
            try {
                return client.readToEnd();
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError("no end after " + request, e);
            } catch (IOException _) {
                return "";
            }
        }
    }

    private String mutate(String seed) {
        StringBuilder text = new StringBuilder(seed);
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(8)));
                case 3 -> text.insert(at, "x".repeat(random.nextInt(3_000)));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            }
        }
        return new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    }
}
