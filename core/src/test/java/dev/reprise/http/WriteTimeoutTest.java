package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that does not read holds neither memory nor a handler for long. */
@ExtendWith(LeakCheck.class)
class WriteTimeoutTest {
    private static final HttpListenerOptions OPTIONS =
            Listeners.options().withTimeouts(new HttpTimeouts(Listeners.LONG, Listeners.LONG, Duration.ofMillis(200)));
    private static final int ENDLESS = 1_000_000;

    private final LinkedBlockingQueue<String> outcome = new LinkedBlockingQueue<>();

    @Test
    void aStreamToAClientThatStopsReadingIsCut() throws Exception {
        AtomicLong written = new AtomicLong();
        try (HttpListener listener = HttpListener.start(OPTIONS, exchange -> {
                    try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
                        for (int i = 0; i < ENDLESS; i++) {
                            stream.write(new byte[4096]);
                            written.addAndGet(4096);
                        }
                    } catch (ClientGoneException e) {
                        outcome.add(e.getMessage());
                        throw e;
                    }
                });
                RawClient client = RawClient.slow(listener)) {
            client.get("/").readHead();
            assertThat(outcome.poll(30, TimeUnit.SECONDS)).isEqualTo("the client took no data for 200 ms");
            assertThat(listener.stats().cutConnections()).isEqualTo(1);
            assertThat(written.get()).as("bytes accepted").isLessThan(16 << 20);
        }
    }

    @Test
    void aWholeAnswerToAClientThatDoesNotReadIsCut() throws Exception {
        try (HttpListener listener = HttpListener.start(OPTIONS, exchange -> {
                    try {
                        exchange.respond(new HttpResponse(200, HttpHeaders.EMPTY, new byte[32 << 20]));
                    } catch (ClientGoneException e) {
                        outcome.add(e.getMessage());
                        throw e;
                    }
                });
                RawClient client = RawClient.slow(listener)) {
            client.get("/");
            assertThat(outcome.poll(30, TimeUnit.SECONDS)).isEqualTo("the client took no data for 200 ms");
        }
    }

    @Test
    void aSlowClientThatReadsGetsAllOfIt() throws Exception {
        try (HttpListener listener = HttpListener.start(OPTIONS.withTimeouts(HttpTimeouts.DEFAULT), exchange -> {
                    try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
                        for (int i = 0; i < 1_000; i++) {
                            stream.write(new byte[4096]);
                        }
                        stream.finish();
                    }
                });
                RawClient client = RawClient.slow(listener)) {
            client.get("/").readHead();
            assertThat(client.readChunks()).hasSize(1_000 * 4096);
        }
    }
}
