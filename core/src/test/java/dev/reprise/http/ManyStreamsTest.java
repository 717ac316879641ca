package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams in parallel lose nothing, neither an event nor their end. */
@ExtendWith(LeakCheck.class)
class ManyStreamsTest {
    private static final int STREAMS = 500;
    private static final int EVENTS = 50;

    private static void stream(HttpExchange exchange) throws java.io.IOException, InterruptedException {
        try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
            for (int i = 0; i < EVENTS; i++) {
                stream.write(Listeners.bytes("data: " + exchange.request().path() + " " + i + "\n\n"));
            }
            stream.write(Listeners.bytes("data: [DONE]\n\n"));
            stream.finish();
        }
    }

    private static String expected(String path) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            all.append("data: ").append(path).append(' ').append(i).append("\n\n");
        }
        return all.append("data: [DONE]\n\n").toString();
    }

    @Test
    void fiveHundredStreamsAtOnceAreWholeTwiceOnTheSameConnections() throws Exception {
        CyclicBarrier together = new CyclicBarrier(STREAMS);
        try (HttpListener listener = Listeners.start(ManyStreamsTest::stream);
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> clients = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                String path = "/" + i;
                clients.add(() -> {
                    try (RawClient client = RawClient.to(listener)) {
                        together.await();
                        for (int round = 0; round < 2; round++) {
                            assertThat(client.get(path).readHead()).startsWith("HTTP/1.1 200");
                            assertThat(client.readChunks()).isEqualTo(expected(path));
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> client : executor.invokeAll(clients)) {
                client.get();
            }
            listener.stopAccepting();
            assertThat(listener.awaitIdle(Listeners.LONG)).isTrue();
            assertThat(listener.stats()).isEqualTo(new ListenerStats(0, 0, 0, 0));
        }
    }
}
