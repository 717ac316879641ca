package dev.reprise.http;

import java.io.IOException;

/** A response body being written. */
public interface HttpStream extends AutoCloseable {
    /**
     * Writes and flushes {@code bytes}; blocks while the client is slow.
     *
     * @throws ClientGoneException when the client left, or took nothing for the listener's write time-out
     */
    void write(byte[] bytes) throws IOException, InterruptedException;

    /** Ends the body regularly, so that the connection can be reused. Without it the connection is cut. */
    void finish() throws IOException, InterruptedException;

    /** Cuts the connection unless {@link #finish} was called. */
    @Override
    void close();
}
