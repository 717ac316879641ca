package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class ShutdownTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final LinkedBlockingQueue<String> outcome = new LinkedBlockingQueue<>();

    private void stream(HttpExchange exchange) throws IOException, InterruptedException {
        if (exchange.request().path().equals("/idle")) {
            Listeners.echo(exchange);
            return;
        }
        try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
            stream.write(Listeners.bytes("first "));
            begun.countDown();
            goOn.await();
            stream.write(Listeners.bytes("last"));
            stream.finish();
        } catch (InterruptedException e) {
            outcome.add("interrupted");
            throw e;
        }
    }

    @Test
    void streamsInFlightFinishAndIdleConnectionsClose() throws Exception {
        try (HttpListener listener = Listeners.start(this::stream);
                RawClient idle = RawClient.to(listener);
                RawClient streaming = RawClient.to(listener)) {
            idle.get("/idle").readAnswer();
            streaming.get("/stream").readHead();
            begun.await();
            listener.stopAccepting();
            assertThat(idle.readToEnd()).isEmpty();
            assertThatThrownBy(() -> RawClient.to(listener).get("/").readHead()).isInstanceOf(IOException.class);
            assertThat(listener.awaitIdle(Duration.ofMillis(20))).isFalse();
            goOn.countDown();
            assertThat(streaming.readChunks()).isEqualTo("first last");
            assertThat(listener.awaitIdle(Listeners.LONG)).isTrue();
            assertThat(streaming.readToEnd()).isEmpty();
            assertThat(listener.stats()).isEqualTo(new ListenerStats(0, 0, 0, 0));
        }
    }

    @Test
    void anAnswerGivenWhileDrainingSaysThatItIsTheLast() throws Exception {
        try (HttpListener listener = Listeners.start(exchange -> {
                    begun.countDown();
                    goOn.await();
                    Listeners.echo(exchange);
                });
                RawClient client = RawClient.to(listener)) {
            client.get("/");
            begun.await();
            listener.stopAccepting();
            goOn.countDown();
            assertThat(client.readToEnd()).contains("connection: close").endsWith("GET|/||");
        }
    }

    @Test
    void closeInterruptsTheHandlersThatRemain() throws Exception {
        HttpListener listener = Listeners.start(this::stream);
        try (RawClient client = RawClient.to(listener)) {
            client.get("/stream").readHead();
            begun.await();
            listener.close();
            listener.close();
            assertThat(outcome.poll(30, TimeUnit.SECONDS)).isEqualTo("interrupted");
            assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
        }
    }
}
