package dev.reprise.app;

import dev.reprise.cli.CommandLineInterface;
import dev.reprise.cli.ExitCode;
import dev.reprise.cli.Terminal;
import dev.reprise.config.Settings;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Starts the process. */
public final class Main {
    private static final String STDERR_PROPERTY = "reprise.stderr";

    private Main() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.setOut(utf8(new FileOutputStream(FileDescriptor.out)));
        System.setErr(utf8(standardError()));
        Terminal terminal = new Terminal(System.in, System.out, System.err, isInteractive());
        int code;
        try {
            code = new CommandLineInterface(Settings.SCHEMA, System.getenv(), new ServeApplication(), terminal)
                    .run(List.of(arguments));
        } catch (InterruptedException e) {
            code = ExitCode.FAILED;
        } catch (RuntimeException | Error e) {
            // A mistake of ours: threads that run still must not keep the process alive.
            System.err.println("reprise: internal error; please report it with what follows");
            e.printStackTrace();
            code = ExitCode.FAILED;
        }
        System.out.flush();
        System.exit(code);
    }

    /**
     * The start script filters what the Java runtime itself prints, and names the unfiltered stream by a property.
     * Where there is none or it cannot be opened (a socket, another user's terminal), the filtered one serves.
     */
    private static OutputStream standardError() {
        String path = System.getProperty(STDERR_PROPERTY, "");
        if (!path.isEmpty()) {
            try {
                return new FileOutputStream(path, true);
            } catch (IOException e) {
                return new FileOutputStream(FileDescriptor.err);
            }
        }
        return new FileOutputStream(FileDescriptor.err);
    }

    private static PrintStream utf8(OutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again where there is no terminal
    private static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
