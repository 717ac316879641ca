package dev.reprise.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestScale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A handler that only waits learns at once that its client left. */
@ExtendWith(LeakCheck.class)
class DisconnectTest {
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private final LinkedBlockingQueue<String> outcome = new LinkedBlockingQueue<>();

    private void waitForDeparture(HttpExchange exchange) throws java.io.IOException, InterruptedException {
        exchange.onDisconnect(left::countDown);
        waiting.countDown();
        left.await();
        outcome.add("noticed");
        Listeners.echo(exchange);
    }

    @Test
    void closingIsNoticedWhileTheHandlerWaits() throws Exception {
        try (HttpListener listener = Listeners.start(this::waitForDeparture)) {
            RawClient client = RawClient.to(listener).get("/");
            waiting.await();
            client.close();
            assertThat(outcome.poll(30, TimeUnit.SECONDS)).isEqualTo("noticed");
        }
    }

    @Test
    void aResetIsNoticedWhileTheHandlerWaits() throws Exception {
        try (HttpListener listener = Listeners.start(this::waitForDeparture)) {
            RawClient client = RawClient.to(listener).get("/");
            waiting.await();
            client.reset();
            assertThat(outcome.poll(30, TimeUnit.SECONDS)).isEqualTo("noticed");
        }
    }

    @Test
    void aClientThatOnlyEndedItsOutputIsStillAnswered() throws Exception {
        try (HttpListener listener = Listeners.start(this::waitForDeparture);
                RawClient client = RawClient.to(listener)) {
            client.get("/half").socket().shutdownOutput();
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("GET|/half||");
        }
    }

    @Test
    void pipelinedRequestsBeforeTheEndOfTheInputAreAnswered() throws Exception {
        try (HttpListener listener = Listeners.start(Listeners::echo);
                RawClient client = RawClient.to(listener)) {
            client.get("/1").get("/2").get("/3").socket().shutdownOutput();
            assertThat(client.readToEnd())
                    .contains("GET|/1||")
                    .contains("GET|/2||")
                    .endsWith("GET|/3||");
        }
    }

    @Test
    void anActionAddedTooLateRunsAtOnce() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (HttpListener listener = Listeners.start(exchange -> {
            waitForDeparture(exchange);
            exchange.onDisconnect(second::countDown);
        })) {
            RawClient client = RawClient.to(listener).get("/");
            waiting.await();
            client.reset();
            assertThat(outcome.poll(30, TimeUnit.SECONDS)).isEqualTo("noticed");
        }
        assertThat(left.getCount()).isZero();
    }

    @Test
    void actionsDoNotRunOnceTheAnswerIsCompleteOrTheyWereTakenBack() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch answered = new CountDownLatch(2);
        try (HttpListener listener = Listeners.start(exchange -> {
            exchange.onDisconnect(runs::incrementAndGet).close();
            if (exchange.request().path().equals("/answered")) {
                exchange.onDisconnect(runs::incrementAndGet);
            }
            Listeners.echo(exchange);
            answered.countDown();
        })) {
            for (String path : new String[] {"/answered", "/back"}) {
                try (RawClient client = RawClient.to(listener)) {
                    client.get(path).readAnswer();
                }
            }
            answered.await();
            listener.stopAccepting();
            assertThat(listener.awaitIdle(Listeners.LONG)).isTrue();
        }
        assertThat(runs).hasValue(0);
    }

    @Test
    void aStreamToAClientThatLeftFails() throws Exception {
        try (HttpListener listener = Listeners.start(exchange -> {
            try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
                while (true) {
                    stream.write(Listeners.bytes("data: more\n\n"));
                }
            } catch (ClientGoneException e) {
                outcome.add("gone");
                throw e;
            }
        })) {
            RawClient client = RawClient.to(listener).get("/");
            client.readHead();
            client.close();
            assertThat(outcome.poll(30, TimeUnit.SECONDS)).isEqualTo("gone");
        }
    }

    @Test
    void clientsThatLeaveAtAnyMomentLeaveNothingBehind() throws Exception {
        Random random = new Random(42);
        try (HttpListener listener = Listeners.start(exchange -> {
            try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
                for (int i = 0; i < 200; i++) {
                    stream.write(new byte[1_000]);
                }
                stream.finish();
            }
        })) {
            int rounds = TestScale.rounds(2_000, 100);
            for (int round = 0; round < rounds; round++) {
                String request = "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\n" + "x".repeat(100);
                try (RawClient client = RawClient.to(listener)) {
                    boolean whole = random.nextBoolean();
                    client.send(whole ? request : request.substring(0, random.nextInt(request.length())));
                    if (whole) {
                        client.read(random.nextInt(100_000));
                    }
                    if (random.nextBoolean()) {
                        client.reset();
                    }
                }
            }
            listener.stopAccepting();
            assertThat(listener.awaitIdle(Listeners.LONG)).isTrue();
            assertThat(listener.stats()).isEqualTo(new ListenerStats(0, 0, 0, 0));
        }
    }
}
