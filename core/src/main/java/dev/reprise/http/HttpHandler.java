package dev.reprise.http;

import java.io.IOException;

/** Serves one request on its own virtual thread; may block. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers {@code exchange}, by {@link HttpExchange#respond} or {@link HttpExchange#startStream}.
     *
     * @throws ClientGoneException when the client left; the connection is closed already
     * @throws IOException when the answer could not be written
     * @throws InterruptedException when the listener is closed before the handler ends
     */
    void handle(HttpExchange exchange) throws IOException, InterruptedException;
}
