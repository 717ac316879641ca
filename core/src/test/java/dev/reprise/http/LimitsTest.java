package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
class LimitsTest {
    private static final HttpLimits SMALL = new HttpLimits(2, 128, 512, 1_000, 1_500);

    private static HttpListener small(HttpHandler handler) throws Exception {
        return HttpListener.start(Listeners.options().withLimits(SMALL), handler);
    }

    @Test
    void aBodyIsRefusedByItsStatedLength() throws Exception {
        try (HttpListener listener = small(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 413")
                    .contains("connection: close")
                    .endsWith("body_too_large: The request body is larger than 1000 bytes.");
        }
    }

    @Test
    void aBodyIsRefusedWhileItComes() throws Exception {
        try (HttpListener listener = small(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 11; i++) {
                client.send("64\r\n" + "x".repeat(100) + "\r\n");
            }
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void aBodyOfExactlyTheLimitIsTaken() throws Exception {
        try (HttpListener listener = small(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1_000));
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("x".repeat(1_000));
        }
    }

    @Test
    void anAnswerReachesAClientThatStillSends() throws Exception {
        try (HttpListener listener = HttpListener.start(
                        Listeners.options().withLimits(new HttpLimits(2, 128, 512, 1_000, 1_000)), Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10000000\r\n\r\n");
            String piece = "x".repeat(10_000);
            for (int i = 0; i < 1_000; i++) {
                client.send(piece);
            }
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void allBodiesTogetherAreLimited() throws Exception {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (HttpListener listener = small(exchange -> {
                    holding.countDown();
                    release.await();
                    Listeners.echo(exchange);
                });
                RawClient first = RawClient.to(listener);
                RawClient second = RawClient.to(listener)) {
            String post = "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1_000);
            first.send(post);
            holding.await();
            assertThat(second.send(post).readToEnd())
                    .startsWith("HTTP/1.1 503")
                    .contains("overloaded: The server holds 1500 bytes of request bodies");
            release.countDown();
            assertThat(first.readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(first.send(post).readAnswer()).as("given back").startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void longRequestLinesAndHeadersAreRefused() throws Exception {
        try (HttpListener listener = small(Listeners::echo)) {
            try (RawClient client = RawClient.to(listener)) {
                assertThat(client.get("/" + "x".repeat(200)).readToEnd())
                        .startsWith("HTTP/1.1 414")
                        .contains("128 bytes");
            }
            try (RawClient client = RawClient.to(listener)) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: t\r\nX: " + "x".repeat(600) + "\r\n\r\n")
                                .readToEnd())
                        .startsWith("HTTP/1.1 431")
                        .contains("512 bytes");
            }
        }
    }

    @Test
    void connectionsBeyondTheLimitAreTurnedAway() throws Exception {
        try (HttpListener listener = small(Listeners::echo);
                RawClient first = RawClient.to(listener);
                RawClient second = RawClient.to(listener)) {
            first.get("/").readAnswer();
            second.get("/").readAnswer();
            try (RawClient third = RawClient.to(listener)) {
                assertThat(third.readToEnd())
                        .startsWith("HTTP/1.1 503")
                        .endsWith("overloaded: The server has its 2 connections in use.");
            }
            assertThat(listener.stats().refusedConnections()).isEqualTo(1);
            assertThat(first.get("/").readAnswer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aRequestThatTricklesInIsTimedOut() throws Exception {
        var timeouts = new HttpTimeouts(Listeners.LONG, Duration.ofMillis(150), Listeners.LONG);
        try (HttpListener listener = HttpListener.start(Listeners.options().withTimeouts(timeouts), Listeners::echo)) {
            for (String begin :
                    new String[] {"GET / HT", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nabc"}) {
                try (RawClient client = RawClient.to(listener)) {
                    assertThat(client.send(begin).readToEnd())
                            .startsWith("HTTP/1.1 408")
                            .endsWith("request_timeout: The request did not arrive whole within 150 ms.");
                }
            }
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        var timeouts = new HttpTimeouts(Duration.ofMillis(150), Listeners.LONG, Listeners.LONG);
        try (HttpListener listener = HttpListener.start(Listeners.options().withTimeouts(timeouts), Listeners::echo);
                RawClient fresh = RawClient.to(listener)) {
            assertThat(fresh.readToEnd()).isEmpty();
            try (RawClient another = RawClient.to(listener)) {
                another.get("/").readAnswer();
                assertThat(another.readToEnd()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | GET / HTTP/1.1~~
            400 | GET / HTTP/1.1~Host: a~Host: b~~
            400 | GET~~
            400 | GET nowhere HTTP/1.1~Host: a~~
            400 | GET /%zz HTTP/1.1~Host: a~~
            400 | GET /a%0Ab HTTP/1.1~Host: a~~
            400 | GET / HTTP/1.1~Host: a~Bad Name: x~~
            400 | GET / HTTP/1.1~Host: a~ folded~X~~
            400 | POST / HTTP/1.1~Host: a~Content-Length: x~~
            400 | POST / HTTP/1.1~Host: a~Content-Length: -1~~
            400 | POST / HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 2~~
            400 | POST / HTTP/1.1~Host: a~Content-Length: 3~Transfer-Encoding: chunked~~0~~
            400 | POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~~zz~abc~0~~
            400 | POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip~~
            501 | POST / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~0~~
            417 | POST / HTTP/1.1~Host: a~Expect: tea~Content-Length: 1~~x
            505 | GET / HTTP/2.0~Host: a~~
            """)
    void malformedRequestsAreRefused(int status, String request) throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            String answer = client.send(request.replace("~", "\r\n")).readToEnd();
            assertThat(answer).startsWith("HTTP/1.1 " + status).contains("connection: close");
            assertThat(answer.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
        }
    }

    @Test
    void aTlsGreetingOnAPlainPortIsRefused() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            assertThat(client.send("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n")
                            .readToEnd())
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void limitsAndTimeoutsAreCheckedByName() {
        assertThatThrownBy(() -> new HttpLimits(0, 1, 1, 1, 1)).hasMessageContaining("maxConnections");
        assertThatThrownBy(() -> new HttpLimits(1, 1, 1, 2, 1)).hasMessageContaining("maxBufferedBodyBytes");
        assertThatThrownBy(() -> new HttpTimeouts(Duration.ZERO, Listeners.LONG, Listeners.LONG))
                .hasMessageContaining("idle time-out");
        assertThatThrownBy(() -> HttpListenerOptions.plain("h", 70_000, Listeners::error))
                .hasMessageContaining("port must be between 0 and 65535, not 70000");
    }
}
