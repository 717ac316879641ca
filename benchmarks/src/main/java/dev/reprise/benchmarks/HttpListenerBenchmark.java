package dev.reprise.benchmarks;

import dev.reprise.http.ClientGoneException;
import dev.reprise.http.HttpExchange;
import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpLimits;
import dev.reprise.http.HttpListener;
import dev.reprise.http.HttpListenerOptions;
import dev.reprise.http.HttpResponse;
import dev.reprise.http.HttpStream;
import dev.reprise.http.HttpTimeouts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * What the listener costs and how fast it notices things: a client that leaves while the handler waits, a client that
 * stops reading, CPU per server-sent event, and idle streams. The listener runs in a process of its own, so that its
 * CPU time and memory are not the load's; it reports on standard error, its logs are dropped. Linux only (it reads {@code /proc/self/status}).
 */
public final class HttpListenerBenchmark {
    private static final int DEPARTURES = 20;
    private static final int ROUNDS = 6;
    private static final int STREAMS = 64;
    private static final int EVENTS = 300;
    private static final int GAP_MILLIS = 10;
    private static final int IDLE_STREAMS = 2_000;
    private static final byte[] EVENT =
            ("data: {\"id\":\"chatcmpl-0123456789abcdef\",\"object\":\"chat.completion.chunk\","
                            + "\"created\":1790000000,\"model\":\"demo\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},"
                            + "\"logprobs\":null,\"finish_reason\":null}]}\n\n")
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private final BufferedReader serverReports;

    private HttpListenerBenchmark(int port, BufferedReader serverReports) {
        this.port = port;
        this.serverReports = serverReports;
    }

    /** Without arguments: starts the listener's process and the load. */
    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals("listener")) {
            serve();
            return;
        }
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HttpListenerBenchmark.class.getName(),
                        "listener")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(server.getErrorStream(), StandardCharsets.UTF_8))) {
            HttpListenerBenchmark load = new HttpListenerBenchmark(Integer.parseInt(output.readLine()), output);
            load.departures();
            load.stalledReader();
            load.events();
            load.idleStreams();
        } finally {
            server.destroyForcibly();
        }
    }

    private void departures() throws Exception {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < DEPARTURES; i++) {
            Socket socket = request("/wait");
            serverReports.readLine();
            long begin = System.nanoTime();
            socket.close();
            serverReports.readLine();
            nanos.add(System.nanoTime() - begin);
        }
        nanos.sort(null);
        System.out.printf(
                "a client that leaves is noticed after %.2f ms (median), %.2f ms (longest of %d)%n",
                nanos.get(DEPARTURES / 2) / 1e6, nanos.getLast() / 1e6, DEPARTURES);
    }

    private void stalledReader() throws Exception {
        try (Socket _ = request("/endless")) {
            System.out.println("a client that stops reading: " + serverReports.readLine());
        }
    }

    private void events() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            long cpuNanos = statistic("cpuNanos");
            long begin = System.nanoTime();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                clients.add(Thread.ofVirtual().start(this::readStream));
            }
            for (Thread client : clients) {
                client.join();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double events = STREAMS * EVENTS;
            System.out.printf(
                    "round %d of %d: %.1f us CPU per event at %.0f events/s (%d streams)%n",
                    round, ROUNDS, (statistic("cpuNanos") - cpuNanos) / 1e3 / events, events / seconds, STREAMS);
        }
    }

    private void idleStreams() throws Exception {
        long heapBytes = statistic("heapBytes");
        long threads = statistic("Threads");
        long rssKib = statistic("VmRSS");
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < IDLE_STREAMS; i++) {
            Socket socket = request("/idle");
            readUntil(socket.getInputStream(), EVENT);
            sockets.add(socket);
        }
        System.out.printf(
                "%d idle streams: %.1f KiB heap and %.1f KiB RSS each, %d platform threads more%n",
                IDLE_STREAMS,
                (statistic("heapBytes") - heapBytes) / 1024.0 / IDLE_STREAMS,
                (statistic("VmRSS") - rssKib) / (double) IDLE_STREAMS,
                statistic("Threads") - threads);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket request(String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: benchmark\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void readStream() {
        try (Socket socket = request("/stream")) {
            readUntil(socket.getInputStream(), LAST_CHUNK);
        } catch (IOException e) {
            throw new IllegalStateException("a stream was not whole", e);
        }
    }

    /** Reads up to the first occurrence of {@code end}, which must not overlap itself. */
    private static void readUntil(InputStream in, byte[] end) throws IOException {
        byte[] buffer = new byte[64 << 10];
        int matched = 0;
        while (true) {
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("the connection ended early");
            }
            for (int i = 0; i < count; i++) {
                matched = buffer[i] == end[matched] ? matched + 1 : buffer[i] == end[0] ? 1 : 0;
                if (matched == end.length) {
                    return;
                }
            }
        }
    }

    private long statistic(String name) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET /statistic?" + name + " HTTP/1.1\r\nHost: benchmark\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return Long.parseLong(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        }
    }

    private static void serve() throws Exception {
        HttpTimeouts timeouts = new HttpTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofSeconds(2));
        HttpListenerOptions options = new HttpListenerOptions(
                "127.0.0.1",
                0,
                Math.min(Runtime.getRuntime().availableProcessors(), 4),
                HttpLimits.DEFAULT,
                timeouts,
                Optional.empty(),
                (error, message) ->
                        new HttpResponse(error.status(), HttpHeaders.EMPTY, message.getBytes(StandardCharsets.UTF_8)));
        try (HttpListener listener = HttpListener.start(options, HttpListenerBenchmark::handle)) {
            System.err.println(listener.port());
            new CountDownLatch(1).await();
        }
    }

    private static void handle(HttpExchange exchange) throws IOException, InterruptedException {
        switch (exchange.request().path()) {
            case "/wait" -> waitForDeparture(exchange);
            case "/endless" -> streamUntilCut(exchange);
            case "/stream" -> stream(exchange);
            case "/idle" -> idle(exchange);
            default -> {
                String value = Long.toString(measure(exchange.request().query()));
                exchange.respond(new HttpResponse(200, HttpHeaders.EMPTY, value.getBytes(StandardCharsets.US_ASCII)));
            }
        }
    }

    private static void waitForDeparture(HttpExchange exchange) throws IOException, InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        var _ = exchange.onDisconnect(left::countDown);
        System.err.println("waiting");
        left.await();
        System.err.println("noticed");
        throw new ClientGoneException("as planned");
    }

    private static void streamUntilCut(HttpExchange exchange) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
            while (true) {
                begin = System.nanoTime();
                stream.write(EVENT);
            }
        } catch (ClientGoneException e) {
            System.err.printf("%s; its last write blocked %.2f s%n", e.getMessage(), (System.nanoTime() - begin) / 1e9);
            throw e;
        }
    }

    private static void stream(HttpExchange exchange) throws IOException, InterruptedException {
        try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
            for (int i = 0; i < EVENTS; i++) {
                stream.write(EVENT);
                Thread.sleep(GAP_MILLIS);
            }
            stream.finish();
        }
    }

    private static void idle(HttpExchange exchange) throws IOException, InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        var _ = exchange.onDisconnect(left::countDown);
        try (HttpStream stream = exchange.startStream(200, HttpHeaders.EMPTY)) {
            stream.write(EVENT);
            left.await();
        }
    }

    private static long measure(String name) throws IOException {
        return switch (name) {
            case "cpuNanos" ->
                ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime();
            case "heapBytes" -> {
                System.gc();
                yield ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            }
            default -> {
                String status = Files.readString(Path.of("/proc/self/status"));
                int at = status.indexOf(name + ":") + name.length() + 1;
                yield Long.parseLong(
                        status.substring(at, status.indexOf('\n', at)).replaceAll("[^0-9]", ""));
            }
        };
    }
}
