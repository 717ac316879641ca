package dev.reprise.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: reads a request whole, starts its handler, and after the answer goes on to the next.
 *
 * <p>Confined to the connection's event loop, except {@link #drain} and {@link #close}. Reading goes on while a handler works, because the
 * end of the input is the only sign of a client that left. What arrives meanwhile is a pipelined request: it is kept
 * until its turn, and beyond {@link #AHEAD_BYTES} the connection is not read before the answer is complete (so that a
 * client that pipelines more than that is not seen leaving either).
 *
 * <p>The end of the input can be a client that left or one that only said that it has nothing more to ask; TCP does not
 * tell them apart. Disconnect actions run in both cases, as in nginx, Go and uvicorn; but the connection stays open for
 * the answer, so that a handler which answers all the same reaches a client that still listens.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int AHEAD_BYTES = 64 << 10;
    private static final int HEAD_COST_BYTES = 512;
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final ListenerState listener;
    private final Channel channel;
    private final ChannelWriter writer;
    private final ResponseEncoder encoder;
    private final boolean overLimit;
    private final ArrayDeque<HttpObject> ahead = new ArrayDeque<>();
    private long aheadBytes;
    private Phase phase = Phase.IDLE;
    private boolean inputEnded;
    private @Nullable Future<?> timer;
    private @Nullable RequestHead head;
    private @Nullable BodyBuffer body;
    private @Nullable Exchange exchange;

    private enum Phase {
        /** Between two requests. */
        IDLE,
        /** A request has begun to arrive. */
        READING,
        /** Its handler works. */
        HANDLING,
        /** The last answer is on its way; what still arrives is dropped. */
        LINGERING,
        CLOSED
    }

    Connection(ListenerState listener, Channel channel, ResponseEncoder encoder, boolean overLimit) {
        this.listener = listener;
        this.channel = channel;
        this.writer = new ChannelWriter(channel, listener);
        this.encoder = encoder;
        this.overLimit = overLimit;
    }

    /** Stands before the decoder and tells the connection that bytes came. */
    final class Arrivals extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            requestBegan();
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        listener.add(this);
        if (overLimit) {
            refuse(
                    ListenerError.OVERLOADED,
                    "The server has its " + listener.options().limits().maxConnections() + " connections in use.");
        } else {
            startTimer(listener.options().timeouts().idle(), this::close);
        }
    }

    private void requestBegan() {
        if (phase == Phase.IDLE) {
            phase = Phase.READING;
            startTimer(listener.options().timeouts().requestRead(), this::requestTimedOut);
        }
    }

    private void requestTimedOut() {
        refuse(
                ListenerError.REQUEST_TIMEOUT,
                "The request did not arrive whole within "
                        + listener.options().timeouts().requestRead().toMillis() + " ms.");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        HttpObject part = (HttpObject) message;
        if (phase == Phase.HANDLING) {
            keepAhead(part);
        } else {
            accept(part);
        }
    }

    private void keepAhead(HttpObject part) {
        ahead.add(part);
        aheadBytes += part instanceof HttpContent content ? content.content().readableBytes() : HEAD_COST_BYTES;
        if (aheadBytes > AHEAD_BYTES) {
            channel.config().setAutoRead(false);
        }
    }

    private void accept(HttpObject part) {
        try {
            if (phase == Phase.LINGERING || phase == Phase.CLOSED) {
                return;
            }
            if (part instanceof io.netty.handler.codec.http.HttpRequest request) {
                acceptHead(request);
            }
            if (phase == Phase.READING && part instanceof HttpContent content) {
                acceptContent(content);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void acceptHead(io.netty.handler.codec.http.HttpRequest request) {
        requestBegan();
        switch (RequestHead.parse(request, listener.options().limits())) {
            case RequestHead.Parsed.Refused(var error, var message) -> refuse(error, message);
            case RequestHead.Parsed.Accepted(var accepted) -> acceptHead(accepted);
        }
    }

    private void acceptHead(RequestHead accepted) {
        int maxBytes = listener.options().limits().maxBodyBytes();
        long statedBytes = accepted.contentLength().orElse((long) maxBytes);
        if (statedBytes > maxBytes) {
            refuseBody();
            return;
        }
        head = accepted;
        body = new BodyBuffer(listener.bodies(), (int) statedBytes);
        encoder.answersHead(accepted.method().equals("HEAD"));
        if (accepted.expectsContinue() && statedBytes > 0) {
            var _ = channel.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void acceptContent(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            RequestHead.Parsed.Refused refused = RequestHead.decodingFailed(
                    content.decoderResult().cause(), listener.options().limits());
            refuse(refused.error(), refused.message());
            return;
        }
        switch (body().append(content.content())) {
            case BODY_TOO_LARGE -> refuseBody();
            case BUDGET_SPENT ->
                refuse(
                        ListenerError.OVERLOADED,
                        "The server holds " + listener.options().limits().maxBufferedBodyBytes()
                                + " bytes of request bodies, as many as it may; try again later.");
            case TAKEN -> {
                if (content instanceof LastHttpContent) {
                    handle();
                }
            }
        }
    }

    private void refuseBody() {
        refuse(
                ListenerError.BODY_TOO_LARGE,
                "The request body is larger than " + listener.options().limits().maxBodyBytes() + " bytes.");
    }

    private BodyBuffer body() {
        if (body == null) {
            throw new IllegalStateException("a body without a head");
        }
        return body;
    }

    private void handle() {
        RequestHead read = head;
        if (read == null) {
            throw new IllegalStateException("a request without a head");
        }
        phase = Phase.HANDLING;
        stopTimer();
        HttpRequest request = new HttpRequest(
                read.method(), read.path(), read.query(), read.headers(), body().toArray(), remoteAddress());
        Exchange started = new Exchange(listener, channel, writer, read, request);
        exchange = started;
        if (inputEnded) {
            started.clientLeft();
        }
        listener.startHandler(() -> {
            try {
                started.serve();
            } finally {
                onLoop(() -> handled(started));
            }
        });
    }

    private String remoteAddress() {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? NetUtil.toSocketAddressString(address)
                : "unknown";
    }

    private void handled(Exchange ended) {
        releaseRequest();
        if (phase == Phase.CLOSED) {
            return;
        }
        if (ended.reusable() && !listener.draining()) {
            next();
        } else if (ended.mayBeFollowed()) {
            linger();
            endOutput();
        } else {
            close();
        }
    }

    private void next() {
        phase = Phase.IDLE;
        while (phase != Phase.HANDLING && !ahead.isEmpty()) {
            accept(ahead.remove());
        }
        if (phase == Phase.HANDLING) {
            return;
        }
        aheadBytes = 0;
        if (phase == Phase.IDLE) {
            startTimer(listener.options().timeouts().idle(), this::close);
        }
        if (inputEnded) {
            close();
        } else {
            channel.config().setAutoRead(true);
        }
    }

    private void releaseRequest() {
        if (body != null) {
            body.release();
        }
        body = null;
        head = null;
        exchange = null;
        encoder.answersHead(false);
    }

    /** Answers {@code error} as the last thing on this connection. */
    private void refuse(ListenerError error, String message) {
        releaseRequest();
        linger();
        HttpResponse response = listener.options().errorBody().toResponse(error, message);
        ChannelFuture sent = channel.writeAndFlush(
                Responses.closing(response, listener.clock().now()));
        var _ = sent.addListener(_ -> endOutput());
    }

    /**
     * Reads and drops the input until its end, at most for {@link #LINGER}: closing a socket with unread input makes the
     * operating system reset the connection, and a client that still sends would lose the answer.
     */
    private void linger() {
        phase = Phase.LINGERING;
        startTimer(LINGER, this::close);
        channel.config().setAutoRead(true);
    }

    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (inputEnded) {
            close();
        } else if (tls != null) {
            var _ = tls.closeOutbound();
        } else {
            var _ = ((DuplexChannel) channel).shutdownOutput();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded();
        }
    }

    private void inputEnded() {
        inputEnded = true;
        if (exchange != null) {
            exchange.clientLeft();
        } else {
            close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        writer.signal();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        phase = Phase.CLOSED;
        stopTimer();
        listener.remove(this);
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        writer.signal();
        if (exchange == null) {
            releaseRequest();
        } else {
            exchange.clientLeft();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection {} failed and is closed", channel, cause);
        close();
    }

    /** Closes the connection now, or after the answer it is at. Callable from any thread. */
    void drain() {
        onLoop(() -> {
            if (phase == Phase.IDLE) {
                close();
            }
        });
    }

    /** Closes the connection at once. Callable from any thread. */
    void close() {
        var _ = channel.close();
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the listener is closed already", e);
        }
    }

    private void startTimer(Duration delay, Runnable action) {
        stopTimer();
        timer = channel.eventLoop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
