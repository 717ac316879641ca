package dev.reprise.cli;

import dev.reprise.config.Configuration;

/** What the verbs that need the whole product start. */
public interface Application {
    /**
     * Serves until the process is told to end. Returns the exit code.
     *
     * @throws CliFailure when the server cannot start
     */
    int serve(Configuration configuration, Terminal terminal) throws CliFailure, InterruptedException;

    /**
     * Starts, answers one request and ends, so that the Java runtime can record what a start needs.
     *
     * @throws CliFailure when the server cannot start or does not answer
     */
    int rehearse(Configuration configuration, Terminal terminal) throws CliFailure, InterruptedException;
}
