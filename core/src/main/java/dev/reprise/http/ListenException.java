package dev.reprise.http;

import java.io.IOException;

/** The listener cannot start; the message says why and what to do, for the terminal. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says why, and the remedy. */
    public ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
