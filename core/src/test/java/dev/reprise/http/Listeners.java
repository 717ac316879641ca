package dev.reprise.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Listeners for tests: on a free port, with two I/O threads. */
final class Listeners {
    static final Duration LONG = Duration.ofSeconds(60);

    private Listeners() {}

    static HttpListenerOptions options() {
        return HttpListenerOptions.plain("127.0.0.1", 0, Listeners::error);
    }

    static HttpListener start(HttpHandler handler) throws Exception {
        return HttpListener.start(options(), handler);
    }

    static HttpResponse error(ListenerError error, String message) {
        return text(error.status(), error.code() + ": " + message);
    }

    static HttpResponse text(int status, String body) {
        return new HttpResponse(status, HttpHeaders.EMPTY.with("Content-Type", "text/plain"), bytes(body));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Answers with what the request was. */
    static void echo(HttpExchange exchange) throws java.io.IOException, InterruptedException {
        HttpRequest request = exchange.request();
        exchange.respond(text(
                200,
                request.method() + "|" + request.path() + "|" + request.query() + "|"
                        + new String(request.body(), StandardCharsets.UTF_8)));
    }
}
