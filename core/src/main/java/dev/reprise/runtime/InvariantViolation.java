package dev.reprise.runtime;

/** A broken invariant: the owner of the state must stop rather than go on. */
public final class InvariantViolation extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Names the invariant and the values that broke it. */
    public InvariantViolation(String message) {
        super(message);
    }
}
