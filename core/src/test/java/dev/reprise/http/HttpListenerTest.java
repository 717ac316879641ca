package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class HttpListenerTest {
    @Test
    void anOrdinaryClientIsAnswered() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                HttpClient client = HttpClient.newHttpClient()) {
            var request = java.net.http.HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + listener.port() + "/a%20b+c?q=%20x"))
                    .POST(BodyPublishers.ofString("hello"))
                    .build();
            var response = client.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("POST|/a b+c|q=%20x|hello");
            assertThat(response.headers().firstValue("date")).isPresent();
        }
    }

    @Test
    void anAnswerIsExactlyTheseBytes() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            String answer = client.get("/x").readAnswer().replaceFirst("date: [^\r]*", "date: D");
            assertThat(answer)
                    .isEqualTo(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 8\r\ndate: D\r\n\r\nGET|/x||");
        }
    }

    @Test
    void aStreamIsChunkedExactlyAsWritten() throws Exception {
        try (HttpListener listener = Listeners.start(exchange -> {
                    try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
                        stream.write(Listeners.bytes("data: one\n\n"));
                        stream.write(new byte[0]);
                        stream.write(Listeners.bytes("data: [DONE]\n\n"));
                        stream.finish();
                    }
                });
                RawClient client = RawClient.to(listener)) {
            assertThat(client.get("/").readHead())
                    .contains("transfer-encoding: chunked")
                    .doesNotContain("connection:");
            String framed = "b\r\ndata: one\n\n\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n";
            assertThat(client.read(framed.length())).isEqualTo(framed);
            assertThat(client.get("/").readHead())
                    .as("the connection after a stream")
                    .startsWith("HTTP/1.1 200 OK");
            assertThat(client.readChunks()).isEqualTo("data: one\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void aStreamThatIsNotFinishedIsCut() throws Exception {
        try (HttpListener listener = Listeners.start(exchange -> {
                    try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
                        stream.write(Listeners.bytes("half"));
                    }
                });
                RawClient client = RawClient.to(listener)) {
            client.get("/").readHead();
            assertThat(client.readToEnd()).isEqualTo("4\r\nhalf\r\n").doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderOneAtATime() throws Exception {
        AtomicReference<String> working = new AtomicReference<>();
        try (HttpListener listener = Listeners.start(exchange -> {
                    String path = exchange.request().path();
                    if (!working.compareAndSet(null, path)) {
                        throw new IllegalStateException("two requests of one connection at once");
                    }
                    working.set(null);
                    Listeners.echo(exchange);
                });
                RawClient client = RawClient.to(listener)) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append("POST /").append(i).append(" HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc");
            }
            client.send(all.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("POST|/" + i + "||abc");
            }
        }
    }

    @Test
    void moreThanIsKeptAheadIsReadLater() throws Exception {
        String body = "x".repeat(40_000);
        try (HttpListener listener = Listeners.start(exchange -> exchange.respond(
                        Listeners.text(200, "" + exchange.request().body().length)));
                RawClient client = RawClient.to(listener)) {
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 40000\r\n\r\n" + body);
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            for (int i = 0; i < 20; i++) {
                assertThat(client.readAnswer()).endsWith("40000");
            }
            sender.join();
        }
    }

    @Test
    void chunkedRequestBodiesAreRead() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            client.send("2;ext=1\r\nde\r\n0\r\nTrailer: x\r\n\r\n");
            assertThat(client.readAnswer()).endsWith("POST|/c||abcde");
        }
    }

    @Test
    void headIsAnsweredWithoutABody() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("HEAD /h HTTP/1.1\r\nHost: t\r\n\r\n");
            assertThat(client.readHead()).contains("content-length: 9");
            assertThat(client.get("/next").readAnswer()).endsWith("GET|/next||");
        }
    }

    @Test
    void aRefusalAfterHeadHasItsBody() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("HEAD /h HTTP/1.1\r\nHost: t\r\n\r\nnonsense\r\n\r\n");
            client.readHead();
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 400").contains("malformed_request");
        }
    }

    @Test
    void aStatusOutOfRangeIsTheHandlersFault() throws Exception {
        try (HttpListener listener = Listeners.start(exchange -> exchange.respond(Listeners.text(101, "")));
                RawClient client = RawClient.to(listener)) {
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 500");
        }
    }

    @Test
    void aLastAnswerReachesAClientThatPipelinesMoreThanIsRead() throws Exception {
        try (HttpListener listener = Listeners.start(exchange -> exchange.respond(new HttpResponse(
                        200, HttpHeaders.EMPTY.with("Connection", "close"), Listeners.bytes("the last"))));
                RawClient client = RawClient.to(listener)) {
            String more = "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 500000\r\n\r\n" + "x".repeat(500_000);
            client.get("/").send(more);
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("the last");
        }
    }

    @Test
    void aClientThatAsksIsToldToContinue() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("POST /e HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(client.send("ok").readAnswer())
                    .startsWith("HTTP/1.1 200")
                    .endsWith("POST|/e||ok");
        }
    }

    @Test
    void connectionCloseIsHonoured() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.send("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd()).contains("connection: close").endsWith("GET|/||");
        }
    }

    @Test
    void http10GetsAnAnswerThatEndsWithTheConnection() throws Exception {
        try (HttpListener listener = Listeners.start(exchange -> {
                    try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
                        stream.write(Listeners.bytes("old"));
                        stream.finish();
                    }
                });
                RawClient client = RawClient.to(listener)) {
            assertThat(client.send("GET / HTTP/1.0\r\n\r\n").readToEnd())
                    .doesNotContain("chunked")
                    .endsWith("\r\n\r\nold");
        }
    }

    @Test
    void aLargeAnswerArrivesWhole() throws Exception {
        byte[] large = new byte[3 << 20];
        new java.util.Random(7).nextBytes(large);
        try (HttpListener listener =
                        Listeners.start(exchange -> exchange.respond(new HttpResponse(200, HttpHeaders.EMPTY, large)));
                HttpClient client = HttpClient.newHttpClient()) {
            var request = java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + "/"))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(large);
        }
    }

    @Test
    void aHandlerThatFailsOrForgetsIsAnsweredForByTheListener() throws Exception {
        try (HttpListener listener = Listeners.start(exchange -> {
                    if (exchange.request().path().equals("/fail")) {
                        throw new IllegalStateException("broken");
                    }
                });
                RawClient client = RawClient.to(listener)) {
            assertThat(client.get("/fail").readAnswer())
                    .startsWith("HTTP/1.1 500")
                    .contains("internal_error")
                    .doesNotContain("broken");
            assertThat(client.get("/forget").readAnswer()).startsWith("HTTP/1.1 500");
        }
    }

    @Test
    void aHandlerCannotAnswerTwice() throws Exception {
        AtomicReference<Throwable> second = new AtomicReference<>();
        try (HttpListener listener = Listeners.start(exchange -> {
                    Listeners.echo(exchange);
                    try {
                        Listeners.echo(exchange);
                    } catch (IllegalStateException e) {
                        second.set(e);
                    }
                });
                RawClient client = RawClient.to(listener)) {
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 200");
            client.get("/").readAnswer();
            assertThat(second.get()).hasMessageContaining("answered already");
        }
    }

    @Test
    void headerFieldsCannotBeInjected() {
        for (String bad : new String[] {"a\r\nEvil: 1", "a\nb", "a\rb", "a\0b"}) {
            assertThatThrownBy(() -> HttpHeaders.EMPTY.with("X-Request-Id", bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("X-Request-Id");
        }
        for (String bad : new String[] {"", "a b", "a:b", "a\r\nb", "ä"}) {
            assertThatThrownBy(() -> HttpHeaders.EMPTY.with(bad, "v")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aPortInUseIsSaidSo() throws Exception {
        try (HttpListener first = Listeners.start(Listeners::echo)) {
            assertThatThrownBy(() -> HttpListener.start(
                            HttpListenerOptions.plain("127.0.0.1", first.port(), Listeners::error), Listeners::echo))
                    .isInstanceOf(ListenException.class)
                    .hasMessage("127.0.0.1:" + first.port()
                            + " is in use: choose another --port, or stop the program that listens there");
        }
    }

    @Test
    void anUnknownHostIsSaidSo() {
        assertThatThrownBy(() -> HttpListener.start(
                        HttpListenerOptions.plain("no-such-host.invalid", 0, Listeners::error), Listeners::echo))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("no-such-host.invalid is unknown");
        assertThatThrownBy(() -> HttpListener.start(
                        HttpListenerOptions.plain("203.0.113.1", 0, Listeners::error), Listeners::echo))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("203.0.113.1 is not an address of this machine");
    }
}
