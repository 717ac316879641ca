package dev.reprise.cli.chat;

import dev.reprise.cli.CliFailure;
import dev.reprise.cli.ExitCode;
import dev.reprise.cli.ProcessSignals;
import dev.reprise.cli.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads messages line by line and prints the answers.
 *
 * <p>A failed answer ends the session when the input is piped; a person may go on. The conversation grows until the
 * server refuses it as too long; {@code /reset} starts anew. Runs on one thread; Ctrl-C arrives on another and
 * interrupts that thread while it waits for an answer.
 */
public final class ChatSession {
    private static final String HELP = "/reset forgets the conversation, /exit ends, Ctrl-C stops an answer";

    private final ChatClient client;
    private final ChatOptions options;
    private final Terminal terminal;
    private final List<ChatMessage> conversation = new ArrayList<>();
    private final AtomicReference<Optional<Thread>> answering = new AtomicReference<>(Optional.empty());

    private enum Next {
        READ_ON,
        END,
        FAIL
    }

    /** A session that has not begun. */
    public ChatSession(ChatClient client, ChatOptions options, Terminal terminal) {
        this.client = client;
        this.options = options;
        this.terminal = terminal;
    }

    /** Talks until the input ends. Returns the exit code. */
    public int run() throws CliFailure, InterruptedException {
        String model = options.model().isPresent() ? options.model().get() : client.firstModel();
        ProcessSignals.handle(ProcessSignals.Ending.INT, this::interrupt);
        reset();
        if (terminal.interactive()) {
            terminal.err().println("Talking to " + model + " at " + client.address() + ". " + HELP + ".");
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8))) {
            return talk(model, lines);
        } catch (IOException e) {
            throw new CliFailure("cannot read the input: " + e.getMessage());
        }
    }

    private int talk(String model, BufferedReader lines) throws IOException {
        while (true) {
            prompt();
            String line = lines.readLine();
            Next next = line == null ? Next.END : take(model, line.strip());
            switch (next) {
                case READ_ON -> {}
                case END -> {
                    return ExitCode.OK;
                }
                case FAIL -> {
                    return ExitCode.FAILED;
                }
            }
        }
    }

    private void prompt() {
        if (terminal.interactive()) {
            terminal.err().print("> ");
            terminal.err().flush();
        }
    }

    private Next take(String model, String line) {
        if (line.isEmpty()) {
            return Next.READ_ON;
        }
        if (!line.startsWith("/")) {
            return answer(model, line);
        }
        switch (line) {
            case "/exit", "/quit" -> {
                return Next.END;
            }
            case "/reset" -> reset();
            case "/help" -> terminal.err().println(HELP);
            default -> terminal.err().println("unknown command " + line + "; " + HELP);
        }
        return Next.READ_ON;
    }

    private void reset() {
        conversation.clear();
        options.system().ifPresent(system -> conversation.add(new ChatMessage("system", system)));
    }

    private Next answer(String model, String question) {
        List<ChatMessage> messages = new ArrayList<>(conversation);
        messages.add(new ChatMessage("user", question));
        StringBuilder answer = new StringBuilder();
        try {
            answering.set(Optional.of(Thread.currentThread()));
            client.stream(model, options, messages, piece -> {
                answer.append(piece);
                terminal.out().print(piece);
                terminal.out().flush();
            });
            terminal.out().println();
            messages.add(new ChatMessage("assistant", answer.toString()));
            conversation.clear();
            conversation.addAll(messages);
            return Next.READ_ON;
        } catch (InterruptedException e) {
            terminal.out().println();
            terminal.err().println("(stopped)");
            return terminal.interactive() ? Next.READ_ON : Next.FAIL;
        } catch (CliFailure e) {
            terminal.out().print(answer.isEmpty() ? "" : System.lineSeparator());
            terminal.err().println("reprise: " + e.getMessage());
            return terminal.interactive() ? Next.READ_ON : Next.FAIL;
        } finally {
            answering.set(Optional.empty());
            Thread.interrupted(); // Ctrl-C just after the end of an answer must not stop the next one
        }
    }

    private void interrupt(ProcessSignals.Ending signal) {
        Optional<Thread> waiting = answering.getAndSet(Optional.empty());
        waiting.ifPresentOrElse(Thread::interrupt, () -> Runtime.getRuntime().halt(signal.exitCode()));
    }
}
