package dev.reprise.cli.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;

/** Reads the data of server-sent events; comments and other fields are skipped. Used by one thread. */
final class ServerSentEvents {
    private static final String DATA = "data:";

    private final BufferedReader reader;

    ServerSentEvents(BufferedReader reader) {
        this.reader = reader;
    }

    /** The data of the next event, its lines joined; empty at the end of the stream. */
    Optional<String> next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean any = false;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.isEmpty() && any) {
                return Optional.of(data.toString());
            }
            if (line.startsWith(DATA)) {
                data.append(any ? "\n" : "")
                        .append(line.substring(DATA.length()).stripLeading());
                any = true;
            }
        }
        return any ? Optional.of(data.toString()) : Optional.empty();
    }
}
