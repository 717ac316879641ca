package dev.reprise.cli;

/** Exit codes of the process. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** Failed; one line on standard error says why. */
    public static final int FAILED = 1;

    /** What was asked for is wrong: a flag, a verb or a setting. */
    public static final int USAGE = 2;

    /** Added to the number of the signal that ended the process. */
    public static final int SIGNAL_BASE = 128;

    private ExitCode() {}
}
