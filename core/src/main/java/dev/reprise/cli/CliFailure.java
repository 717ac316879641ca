package dev.reprise.cli;

/** Ends a verb with exit code {@link ExitCode#FAILED}; the message is the one line that the user reads. */
public final class CliFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what failed, why, and what to do. */
    public CliFailure(String message) {
        super(message);
    }

    /** Passes on what {@code cause} says, which is written for people. */
    public static CliFailure saying(Throwable cause) {
        return new CliFailure(String.valueOf(cause.getMessage()));
    }
}
