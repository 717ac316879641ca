package dev.reprise.http;

import java.io.IOException;

/** A response body being written. */
public interface HttpStream extends AutoCloseable {
    /**
     * Writes and flushes {@code bytes}, which are not copied and must not be changed afterwards; blocks while more than
     * 64 KiB wait for the client. An empty array writes nothing.
     *
     * @throws ClientGoneException when the client left, or took nothing for the listener's write time-out
     */
    void write(byte[] bytes) throws IOException, InterruptedException;

    /**
     * Ends the body regularly, so that the connection can be reused, and blocks until all bytes are with the operating
     * system. Without it the connection is cut.
     *
     * @throws ClientGoneException as {@link #write}
     */
    void finish() throws IOException, InterruptedException;

    /** Cuts the connection unless {@link #finish} was called. */
    @Override
    void close();
}
