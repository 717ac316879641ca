package dev.reprise.server;

import dev.reprise.openai.Choice;
import dev.reprise.openai.Usage;
import java.io.IOException;

/** How an answer reaches the client. Used by the request's thread alone. */
interface Delivery {
    /**
     * The next piece of a choice.
     *
     * @param running the choice's own usage so far
     * @return false when the client is owed nothing for it yet, as of text that is held back
     */
    boolean piece(Choice piece, Usage running) throws IOException, InterruptedException;

    /** Nothing was sent for a while. */
    void keepAlive() throws IOException, InterruptedException;

    /** All choices have ended. */
    void end(Usage usage) throws IOException, InterruptedException;
}
