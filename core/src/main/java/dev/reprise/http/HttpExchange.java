package dev.reprise.http;

import dev.reprise.runtime.Registration;
import java.io.IOException;

/** One request and its answer. Used by the handler's thread; {@link #onDisconnect} may be called from any. */
public interface HttpExchange {
    /** The request, body included: bodies are read whole, up to the listener's limit. */
    HttpRequest request();

    /**
     * Sends a whole answer and blocks until all of it is with the operating system.
     *
     * @throws ClientGoneException when the client left, or took nothing for the listener's write time-out
     * @throws IllegalStateException when the request is answered already
     */
    void respond(HttpResponse response) throws IOException, InterruptedException;

    /**
     * Sends status and headers, then a body piece by piece (chunked), each piece flushed.
     *
     * @throws ClientGoneException when the client left, or took nothing for the listener's write time-out
     * @throws IllegalStateException when the request is answered already
     */
    HttpStream startStream(int status, HttpHeaders headers) throws IOException, InterruptedException;

    /**
     * Runs {@code action} once when the client leaves before the answer is complete: on an I/O thread, or in the caller
     * when it has left already. This works while the handler waits for something else, without writing. The action must
     * not block.
     *
     * <p>The client has left when its connection broke or when it ended its output; the second may also be a client
     * that only says that it has nothing more to ask, which cannot be told apart. An answer given all the same reaches
     * such a client.
     */
    Registration onDisconnect(Runnable action);
}
