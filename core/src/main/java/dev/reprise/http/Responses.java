package dev.reprise.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.Date;

/** Builds the library's messages from ours. */
final class Responses {
    /** How the body ends for the client. */
    enum Framing {
        CONTENT_LENGTH,
        CHUNKED,
        /** HTTP/1.0: by the end of the connection. */
        UNTIL_CLOSE
    }

    private Responses() {}

    private static HttpResponseStatus status(int code) {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("status must be between 200 and 599, not " + code);
        }
        return HttpResponseStatus.valueOf(code);
    }

    /** A whole answer after which the connection is closed. */
    static FullHttpResponse closing(HttpResponse response, Instant now) {
        FullHttpResponse message = whole(response);
        addOurs(message, false, now);
        return message;
    }

    /** A whole answer in one message, still without the fields of {@link #addOurs}. */
    static FullHttpResponse whole(HttpResponse response) {
        FullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status(response.status()), Unpooled.wrappedBuffer(response.body()));
        copy(response.headers(), message);
        frame(message, Framing.CONTENT_LENGTH, response.body().length);
        return message;
    }

    /** Status and header fields of an answer whose body follows. */
    static io.netty.handler.codec.http.HttpResponse head(
            int status, HttpHeaders headers, Framing framing, long lengthBytes) {
        io.netty.handler.codec.http.HttpResponse message =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(status));
        copy(headers, message);
        frame(message, framing, lengthBytes);
        return message;
    }

    private static void copy(HttpHeaders headers, io.netty.handler.codec.http.HttpResponse message) {
        for (HttpHeaders.Field field : headers.fields()) {
            message.headers().add(field.name(), field.value());
        }
    }

    private static void frame(io.netty.handler.codec.http.HttpResponse message, Framing framing, long lengthBytes) {
        message.headers().remove(HttpHeaderNames.CONTENT_LENGTH).remove(HttpHeaderNames.TRANSFER_ENCODING);
        switch (framing) {
            case CONTENT_LENGTH -> message.headers().set(HttpHeaderNames.CONTENT_LENGTH, lengthBytes);
            case CHUNKED -> message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            case UNTIL_CLOSE -> {}
        }
    }

    /** Adds Date and, for the last answer of a connection, Connection. */
    static void addOurs(io.netty.handler.codec.http.HttpResponse message, boolean keepAlive, Instant now) {
        message.headers().set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(now)));
        if (!keepAlive) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    /** Whether the handler asked for the connection to be closed after {@code message}. */
    static boolean asksToClose(io.netty.handler.codec.http.HttpResponse message) {
        return message.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }
}
