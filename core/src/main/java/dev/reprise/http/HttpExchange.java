package dev.reprise.http;

import dev.reprise.runtime.Registration;
import java.io.IOException;

/** One request and its answer. Used by the handler's thread; {@link #onDisconnect} may be called from any. */
public interface HttpExchange {
    /** The request, body included: bodies are read whole, up to the listener's limit. */
    HttpRequest request();

    /** Sends a whole answer. */
    void respond(HttpResponse response) throws IOException, InterruptedException;

    /** Sends status and headers, then a body piece by piece (chunked), each piece flushed. */
    HttpStream startStream(int status, HttpHeaders headers) throws IOException, InterruptedException;

    /**
     * Runs {@code action} once, on an I/O thread, when the client's connection ends before the answer is complete; at
     * once when it has ended already. This works while the handler waits for something else, without writing. The
     * action must not block.
     */
    Registration onDisconnect(Runnable action);
}
