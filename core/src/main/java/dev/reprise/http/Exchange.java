package dev.reprise.http;

import dev.reprise.runtime.Registration;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on a connection. Confined to the handler's thread, but for {@link #onDisconnect} and
 * {@link #clientLeft}; the connection looks at {@link #reusable} after that thread has ended.
 */
final class Exchange implements HttpExchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int SLICE_BYTES = 64 << 10;

    private final ListenerState listener;
    private final Channel channel;
    private final ChannelWriter writer;
    private final RequestHead head;
    private final HttpRequest request;
    private final DisconnectActions disconnect = new DisconnectActions();
    private Progress progress = Progress.NOTHING;
    private boolean keepAlive;

    private enum Progress {
        NOTHING,
        STARTED,
        COMPLETE
    }

    Exchange(ListenerState listener, Channel channel, ChannelWriter writer, RequestHead head, HttpRequest request) {
        this.listener = listener;
        this.channel = channel;
        this.writer = writer;
        this.head = head;
        this.request = request;
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public Registration onDisconnect(Runnable action) {
        return disconnect.add(action);
    }

    @Override
    public void respond(HttpResponse response) throws IOException, InterruptedException {
        if (response.body().length > SLICE_BYTES) {
            respondInSlices(response);
            return;
        }
        var message = Responses.whole(response);
        start(message);
        writer.awaitRoom();
        writer.writeLast(message, disconnect::answered);
        progress = Progress.COMPLETE;
    }

    /** A large body goes out under back-pressure, so that each slice has the write time-out for itself. */
    private void respondInSlices(HttpResponse response) throws IOException, InterruptedException {
        byte[] body = response.body();
        var message =
                Responses.head(response.status(), response.headers(), Responses.Framing.CONTENT_LENGTH, body.length);
        start(message);
        writer.write(message);
        for (int at = 0; at < body.length; at += SLICE_BYTES) {
            writer.awaitRoom();
            int count = Math.min(SLICE_BYTES, body.length - at);
            writer.write(new DefaultHttpContent(Unpooled.wrappedBuffer(body, at, count)));
        }
        end();
    }

    @Override
    public HttpStream startStream(int status, HttpHeaders headers) throws IOException, InterruptedException {
        var framing = head.http10() ? Responses.Framing.UNTIL_CLOSE : Responses.Framing.CHUNKED;
        var message = Responses.head(status, headers, framing, 0);
        start(message);
        writer.awaitRoom();
        writer.write(message);
        return new Stream();
    }

    private void start(io.netty.handler.codec.http.HttpResponse message) {
        if (progress != Progress.NOTHING) {
            throw new IllegalStateException("the request is answered already");
        }
        progress = Progress.STARTED;
        keepAlive = head.keepAlive() && !head.http10() && !listener.draining() && !Responses.asksToClose(message);
        Responses.addOurs(message, keepAlive, listener.clock().now());
    }

    private void end() throws IOException, InterruptedException {
        writer.awaitRoom();
        writer.writeLast(LastHttpContent.EMPTY_LAST_CONTENT, disconnect::answered);
        progress = Progress.COMPLETE;
    }

    /** Runs the handler; afterwards the answer is complete or the connection is closed. */
    void serve() {
        try {
            listener.handler().handle(this);
            if (progress == Progress.NOTHING) {
                LOG.error("the handler returned without an answer to {} {}", request.method(), request.path());
                respondInternalError();
            }
        } catch (ClientGoneException | InterruptedException e) {
            LOG.debug("{} {} ended early: {}", request.method(), request.path(), e.getMessage());
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("the handler of {} {} failed", request.method(), request.path(), e);
            respondInternalError();
        }
        if (progress != Progress.COMPLETE) {
            var _ = channel.close();
        }
    }

    private void respondInternalError() {
        if (progress != Progress.NOTHING) {
            return;
        }
        try {
            respond(listener.options()
                    .errorBody()
                    .toResponse(ListenerError.INTERNAL_ERROR, "The server failed to answer this request."));
        } catch (IOException | InterruptedException e) {
            LOG.debug(
                    "nobody to tell about the failure of {} {}: {}", request.method(), request.path(), e.getMessage());
        }
    }

    void clientLeft() {
        disconnect.clientLeft();
    }

    /** Whether the client has the whole answer, and may be sending another request. */
    boolean mayBeFollowed() {
        return progress == Progress.COMPLETE && head.keepAlive();
    }

    /** Whether the next request may follow on the connection. */
    boolean reusable() {
        return progress == Progress.COMPLETE && keepAlive;
    }

    private final class Stream implements HttpStream {
        @Override
        public void write(byte[] bytes) throws IOException, InterruptedException {
            if (progress == Progress.COMPLETE) {
                throw new IllegalStateException("the stream is finished");
            }
            writer.awaitRoom();
            if (bytes.length > 0) {
                writer.write(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
            }
        }

        @Override
        public void finish() throws IOException, InterruptedException {
            if (progress != Progress.COMPLETE) {
                end();
            }
        }

        @Override
        public void close() {
            if (progress != Progress.COMPLETE) {
                var _ = channel.close();
            }
        }
    }
}
