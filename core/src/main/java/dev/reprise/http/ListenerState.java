package dev.reprise.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.reprise.runtime.Clock;
import dev.reprise.runtime.SystemClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the connections of one listener share. Callable from any thread. */
final class ListenerState {
    /** Connections beyond the limit that are told so; those beyond these are closed without a word. */
    private static final int TOLD_OVER_LIMIT = 128;

    private final HttpListenerOptions options;
    private final HttpHandler handler;
    private final Clock clock = new SystemClock();
    private final BodyBudget bodies;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Thread> handlers = ConcurrentHashMap.newKeySet();
    private final AtomicLong refusedConnections = new AtomicLong();
    private final AtomicLong cutConnections = new AtomicLong();

    @GuardedBy("this")
    private int open;

    @GuardedBy("this")
    private int working;

    private volatile boolean draining;
    private volatile boolean stopped;

    /** What becomes of a new connection. */
    enum Admission {
        SERVED,
        TOLD,
        CLOSED
    }

    ListenerState(HttpListenerOptions options, HttpHandler handler) {
        this.options = options;
        this.handler = handler;
        this.bodies = new BodyBudget(options.limits().maxBufferedBodyBytes());
    }

    HttpListenerOptions options() {
        return options;
    }

    HttpHandler handler() {
        return handler;
    }

    Clock clock() {
        return clock;
    }

    BodyBudget bodies() {
        return bodies;
    }

    AtomicLong cutConnections() {
        return cutConnections;
    }

    /** Counts a new connection and says what to do with it; {@link #closed()} takes it off again. */
    synchronized Admission opened() {
        open++;
        if (open <= options.limits().maxConnections()) {
            return Admission.SERVED;
        }
        refusedConnections.incrementAndGet();
        return open <= options.limits().maxConnections() + TOLD_OVER_LIMIT ? Admission.TOLD : Admission.CLOSED;
    }

    synchronized void closed() {
        open--;
        notifyAll();
    }

    private synchronized void handlerStarts() {
        working++;
    }

    private synchronized void handlerEnded() {
        working--;
        notifyAll();
    }

    /** Blocks until no connection is open and no handler works; false when {@code timeout} passes first. */
    synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
        long endNanos = clock.nanos() + timeout.toNanos();
        while (open > 0 || working > 0) {
            long leftNanos = endNanos - clock.nanos();
            if (leftNanos <= 0) {
                return false;
            }
            wait(leftNanos / 1_000_000, (int) (leftNanos % 1_000_000));
        }
        return true;
    }

    void add(Connection connection) {
        connections.add(connection);
        if (stopped) {
            connection.close();
        } else if (draining) {
            connection.drain();
        }
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /** Starts {@code body} on a virtual thread that {@link #stop} interrupts. */
    void startHandler(Runnable body) {
        Thread thread = Thread.ofVirtual().name("http-handler").unstarted(() -> {
            try {
                body.run();
            } finally {
                handlers.remove(Thread.currentThread());
                handlerEnded();
            }
        });
        handlers.add(thread);
        handlerStarts();
        thread.start();
        if (stopped) {
            thread.interrupt();
        }
    }

    boolean draining() {
        return draining;
    }

    /** From now on connections close after the answer they are at, idle ones at once. */
    void drain() {
        draining = true;
        connections.forEach(Connection::drain);
    }

    /** Interrupts all handlers, then closes all connections. */
    void stop() {
        draining = true;
        stopped = true;
        handlers.forEach(Thread::interrupt);
        connections.forEach(Connection::close);
    }

    synchronized ListenerStats stats() {
        return new ListenerStats(open, working, refusedConnections.get(), cutConnections.get());
    }
}
