package dev.reprise.server;

import dev.reprise.http.ClientGoneException;
import dev.reprise.http.HttpExchange;
import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpRequest;
import dev.reprise.http.HttpResponse;
import dev.reprise.http.HttpStream;
import dev.reprise.runtime.Registration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A request and its answer in memory. */
final class FakeExchange implements HttpExchange {
    private final HttpRequest request;
    private final List<Runnable> onDisconnect = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CountDownLatch firstWrite = new CountDownLatch(1);
    private boolean gone;
    private boolean finished;
    private boolean closed;
    private int status;
    private int answers;
    private HttpHeaders headers = HttpHeaders.EMPTY;

    FakeExchange(String method, String path, HttpHeaders headers, byte[] body) {
        this.request = new HttpRequest(method, path, "", headers, body, "127.0.0.1");
    }

    static FakeExchange post(String path, String json) {
        return post(path, json.getBytes(StandardCharsets.UTF_8));
    }

    static FakeExchange post(String path, byte[] json) {
        return new FakeExchange("POST", path, HttpHeaders.EMPTY.with("Content-Type", "application/json"), json);
    }

    static FakeExchange get(String path) {
        return new FakeExchange("GET", path, HttpHeaders.EMPTY, new byte[0]);
    }

    FakeExchange with(String name, String value) {
        return new FakeExchange(
                request.method(), request.path(), request.headers().with(name, value), request.body());
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public synchronized void respond(HttpResponse response) throws IOException {
        begin(response.status(), response.headers());
        body.writeBytes(response.body());
        finished = true;
    }

    @Override
    public synchronized HttpStream startStream(int status, HttpHeaders headers) throws IOException {
        begin(status, headers);
        return new HttpStream() {
            @Override
            public void write(byte[] bytes) throws IOException {
                synchronized (FakeExchange.this) {
                    checkPresent();
                    body.writeBytes(bytes);
                    firstWrite.countDown();
                }
            }

            @Override
            public void finish() throws IOException {
                synchronized (FakeExchange.this) {
                    checkPresent();
                    finished = true;
                }
            }

            @Override
            public void close() {
                synchronized (FakeExchange.this) {
                    closed = true;
                }
            }
        };
    }

    private void begin(int status, HttpHeaders headers) throws IOException {
        checkPresent();
        this.status = status;
        this.headers = headers;
        answers++;
    }

    private void checkPresent() throws ClientGoneException {
        if (gone) {
            throw new ClientGoneException("left");
        }
    }

    @Override
    public synchronized Registration onDisconnect(Runnable action) {
        if (gone) {
            action.run();
        } else {
            onDisconnect.add(action);
        }
        return () -> {
            synchronized (FakeExchange.this) {
                onDisconnect.remove(action);
            }
        };
    }

    /** The client leaves. */
    void disconnect() {
        List<Runnable> actions;
        synchronized (this) {
            gone = true;
            actions = List.copyOf(onDisconnect);
        }
        actions.forEach(Runnable::run);
    }

    void awaitFirstWrite() throws InterruptedException {
        if (!firstWrite.await(30, java.util.concurrent.TimeUnit.SECONDS)) {
            throw new AssertionError("nothing was written");
        }
    }

    synchronized int status() {
        return status;
    }

    synchronized int answers() {
        return answers;
    }

    synchronized boolean finished() {
        return finished;
    }

    synchronized boolean closed() {
        return closed;
    }

    synchronized Optional<String> header(String name) {
        return headers.first(name);
    }

    synchronized String body() {
        return body.toString(StandardCharsets.UTF_8);
    }
}
