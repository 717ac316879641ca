package dev.reprise.engine.local.model;

/** A forward step that could not be computed. */
public final class ComputeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what failed. */
    public ComputeException(String message, Throwable cause) {
        super(message, cause);
    }
}
