package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps ONNX Runtime from ending the process.
 *
 * <p>Version 1.29 for Linux reads the process's command line into a fixed buffer when it starts: measured, 3,921 bytes
 * are fine and 4,001 end in a segmentation fault without a word. The start script therefore gives the class path in the
 * environment; what is left is an unusually long list of flags.
 */
final class CommandLineLength {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final int MAX_BYTES = 3_900;

    private CommandLineLength() {}

    /** Refuses a start that would crash. */
    static void check() throws CliFailure {
        check(COMMAND_LINE);
    }

    static void check(Path commandLine) throws CliFailure {
        try {
            int bytes = Files.readAllBytes(commandLine).length;
            if (bytes > MAX_BYTES) {
                throw new CliFailure(
                        "the command line of this process has %d bytes, more than the %d that ONNX Runtime survives; "
                                        .formatted(bytes, MAX_BYTES)
                                + "give settings by --config and the class path by the variable CLASSPATH");
            }
        } catch (IOException e) {
            // Not Linux: there is no such file, and no such buffer.
            return;
        }
    }
}
