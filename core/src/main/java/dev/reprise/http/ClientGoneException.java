package dev.reprise.http;

import java.io.IOException;

/** The client left, or stopped reading for longer than the write time-out: nobody waits for the answer. */
public final class ClientGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says how it was noticed. */
    public ClientGoneException(String message) {
        super(message);
    }
}
