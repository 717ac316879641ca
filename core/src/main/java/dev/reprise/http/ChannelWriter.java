package dev.reprise.http;

import dev.reprise.runtime.Clock;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands a handler's bytes to the connection's event loop and holds the handler back while the client is slow.
 *
 * <p>The channel counts the bytes that wait to be sent, those just handed over included. Above the high-water mark
 * (64 KiB) a writer parks until they are below the low one (32 KiB); so at most the high mark and one piece wait per
 * connection. {@link #signal} comes from the event loop; everything else is for the one handler thread. The field
 * {@code parked} is set before the channel's state is read and the event loop changes the state before it reads the
 * field, both volatile: a wake-up is never lost, at most a needless one is given.
 */
final class ChannelWriter {
    private final Channel channel;
    private final Clock clock;
    private final Duration timeout;
    private final AtomicLong cutConnections;
    private volatile @Nullable Thread parked;

    ChannelWriter(Channel channel, ListenerState listener) {
        this.channel = channel;
        this.clock = listener.clock();
        this.timeout = listener.options().timeouts().write();
        this.cutConnections = listener.cutConnections();
    }

    /** Blocks until bytes may be handed over. */
    void awaitRoom() throws ClientGoneException, InterruptedException {
        if (!channel.isWritable()) {
            park();
        }
        if (!channel.isActive()) {
            throw new ClientGoneException("the client closed the connection");
        }
    }

    private void park() throws ClientGoneException, InterruptedException {
        long beginNanos = clock.nanos();
        parked = Thread.currentThread();
        try {
            while (!channel.isWritable() && channel.isActive()) {
                long leftNanos = timeout.toNanos() - (clock.nanos() - beginNanos);
                if (leftNanos <= 0) {
                    throw cut();
                }
                LockSupport.parkNanos(this, leftNanos);
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while the client was slow");
                }
            }
        } finally {
            parked = null;
        }
    }

    /** Wakes the writer: there may be room, or the client may be gone. */
    void signal() {
        Thread waiting = parked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Sends {@code message}; a failure shows at the next call. */
    void write(HttpObject message) {
        var _ = channel.writeAndFlush(message, channel.voidPromise());
    }

    /** Sends {@code message} and blocks until all bytes are with the operating system; first runs {@code onSent}. */
    void writeLast(HttpObject message, Runnable onSent) throws ClientGoneException, InterruptedException {
        ChannelFuture sent = channel.writeAndFlush(message);
        var _ = sent.addListener(done -> {
            if (done.isSuccess()) {
                onSent.run();
            }
        });
        if (!sent.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw cut();
        }
        if (!sent.isSuccess()) {
            throw new ClientGoneException("the client closed the connection before the end of the answer");
        }
    }

    /** Resets the connection, so that the operating system drops what it still holds for the client. */
    private ClientGoneException cut() {
        cutConnections.incrementAndGet();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        var _ = channel.close();
        return new ClientGoneException("the client took no data for " + timeout.toMillis() + " ms");
    }
}
