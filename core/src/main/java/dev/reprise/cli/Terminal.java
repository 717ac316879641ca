package dev.reprise.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * The process's standard streams.
 *
 * @param in what the user types or pipes in
 * @param out results alone
 * @param err everything else: banners, progress, logs, errors
 * @param interactive whether a person sits there
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {}
