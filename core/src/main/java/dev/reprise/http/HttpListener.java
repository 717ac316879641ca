package dev.reprise.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;

/**
 * Serves HTTP/1.1, plain or over TLS.
 *
 * <p>A few event-loop threads read and write; each request's {@link HttpHandler} runs on a virtual thread of its own. A
 * connection has one request at a time: pipelined ones wait for their turn. An idle listener uses no CPU. All methods
 * are callable from any thread.
 */
public final class HttpListener implements AutoCloseable {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 << 10, 64 << 10);
    private static final int BACKLOG = 4_096;
    private static final Duration STOP = Duration.ofSeconds(5);

    private final ListenerState state;
    private final EventLoopGroup loops;
    private final Channel acceptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private HttpListener(ListenerState state, EventLoopGroup loops, Channel acceptor) {
        this.state = state;
        this.loops = loops;
        this.acceptor = acceptor;
    }

    /**
     * Binds and begins to accept.
     *
     * @throws ListenException when the address cannot be bound or a TLS file cannot be used
     */
    public static HttpListener start(HttpListenerOptions options, HttpHandler handler) throws ListenException {
        Optional<SslContext> tls = Optional.empty();
        if (options.tls().isPresent()) {
            tls = Optional.of(sslContext(options.tls().get()));
        }
        ListenerState state = new ListenerState(options, handler);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                options.ioThreads(), new DefaultThreadFactory("http-io", true), NioIoHandler.newFactory());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new Initializer(state, tls))
                .bind(options.host(), options.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw cannotListen(options, bound.cause());
        }
        return new HttpListener(state, loops, bound.channel());
    }

    private static ListenException cannotListen(HttpListenerOptions options, Throwable cause) {
        String address = options.host() + ":" + options.port();
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        if (cause instanceof UnresolvedAddressException || cause instanceof java.net.UnknownHostException) {
            return new ListenException("host " + options.host() + " is unknown: choose another --host", cause);
        }
        if (cause instanceof BindException && message.contains("in use")) {
            return new ListenException(
                    address + " is in use: choose another --port, or stop the program that listens there", cause);
        }
        if (cause instanceof BindException && message.contains("assign")) {
            return new ListenException(
                    options.host() + " is not an address of this machine: choose another --host", cause);
        }
        return new ListenException("cannot listen on " + address + ": " + message, cause);
    }

    private static SslContext sslContext(TlsFiles files) throws ListenException {
        try {
            return SslContextBuilder.forServer(
                            files.certificateChain().toFile(),
                            files.privateKey().toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new ListenException(
                    "TLS certificate " + files.certificateChain() + " with key " + files.privateKey()
                            + " cannot be used: both must be readable PEM files, the key in PKCS#8 and not encrypted",
                    e);
        }
    }

    /** Builds the pipeline of each connection. */
    private static final class Initializer extends ChannelInitializer<SocketChannel> {
        private final ListenerState state;
        private final Optional<SslContext> tls;

        Initializer(ListenerState state, Optional<SslContext> tls) {
            this.state = state;
            this.tls = tls;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            ListenerState.Admission admission = state.opened();
            var _ = channel.closeFuture().addListener(_ -> state.closed());
            boolean served = admission == ListenerState.Admission.SERVED;
            if (!served && (tls.isPresent() || admission == ListenerState.Admission.CLOSED)) {
                var _ = channel.close();
                return;
            }
            ResponseEncoder encoder = new ResponseEncoder();
            Connection connection = new Connection(state, channel, encoder, !served);
            ChannelPipeline pipeline = channel.pipeline();
            tls.ifPresent(context -> pipeline.addLast(context.newHandler(channel.alloc())));
            pipeline.addLast(connection.new Arrivals());
            pipeline.addLast(new RequestDecoder(state.options().limits()), encoder, connection);
        }
    }

    /** The bound port. */
    public int port() {
        return ((InetSocketAddress) acceptor.localAddress()).getPort();
    }

    /** What the listener holds now. */
    public ListenerStats stats() {
        return state.stats();
    }

    /**
     * Takes no new connections and closes the idle ones; requests that have begun to arrive are still answered, each as
     * the last of its connection.
     */
    public void stopAccepting() {
        acceptor.close().awaitUninterruptibly();
        state.drain();
    }

    /**
     * Blocks until every connection is closed and every handler has ended, after {@link #stopAccepting}; false when
     * {@code timeout} passes first.
     */
    public boolean awaitIdle(Duration timeout) throws InterruptedException {
        return state.awaitIdle(timeout);
    }

    /**
     * Stops at once: interrupts the handlers that still work and closes all connections, waiting up to 5 s for both. A
     * handler that ignores the interrupt goes on without a connection.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        var _ = acceptor.close();
        state.stop();
        try {
            state.awaitIdle(STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        var stopped = loops.shutdownGracefully(0, STOP.toMillis(), TimeUnit.MILLISECONDS);
        stopped.awaitUninterruptibly(STOP.toMillis(), TimeUnit.MILLISECONDS);
    }
}
