package dev.reprise.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request line and its header fields, checked.
 *
 * @param contentLength the stated length of the body, absent for a chunked one
 */
record RequestHead(
        String method,
        String path,
        String query,
        HttpHeaders headers,
        boolean keepAlive,
        boolean http10,
        boolean expectsContinue,
        Optional<Long> contentLength) {

    /** A head, or why it is refused. */
    sealed interface Parsed {
        record Accepted(RequestHead head) implements Parsed {}

        record Refused(ListenerError error, String message) implements Parsed {}
    }

    /** Checks what the library's decoder gave against the rules it leaves open, and against {@code limits}. */
    static Parsed parse(io.netty.handler.codec.http.HttpRequest request, HttpLimits limits) {
        if (request.decoderResult().isFailure()) {
            return decodingFailed(request.decoderResult().cause(), limits);
        }
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1) {
            return new Parsed.Refused(
                    ListenerError.UNSUPPORTED_VERSION, "This server speaks HTTP/1.1, not " + version + ".");
        }
        io.netty.handler.codec.http.HttpHeaders fields = request.headers();
        boolean http10 = version.minorVersion() == 0;
        if (!http10 && fields.getAll(HttpHeaderNames.HOST).size() != 1) {
            return malformed("exactly one Host header field is needed");
        }
        String coding = fields.get(HttpHeaderNames.TRANSFER_ENCODING);
        if (coding != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
            return new Parsed.Refused(
                    ListenerError.UNSUPPORTED_TRANSFER_CODING, "The only transfer coding understood is chunked.");
        }
        String expect = fields.get(HttpHeaderNames.EXPECT);
        if (expect != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
            return new Parsed.Refused(
                    ListenerError.EXPECTATION_FAILED, "The only expectation understood is 100-continue.");
        }
        return accept(request, http10, expect != null && !http10);
    }

    /** The refusal for what the library's decoder could not read. */
    static Parsed.Refused decodingFailed(Throwable cause, HttpLimits limits) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                new Parsed.Refused(
                        ListenerError.URI_TOO_LONG,
                        "The request line is longer than " + limits.maxRequestLineBytes() + " bytes.");
            case TooLongHttpHeaderException _ ->
                new Parsed.Refused(
                        ListenerError.HEADERS_TOO_LARGE,
                        "The header fields are larger than " + limits.maxHeaderBytes() + " bytes together.");
            default -> malformed("it does not follow RFC 9112");
        };
    }

    private static Parsed.Refused malformed(String why) {
        return new Parsed.Refused(ListenerError.MALFORMED_REQUEST, "The request is malformed: " + why + ".");
    }

    private static Parsed accept(
            io.netty.handler.codec.http.HttpRequest request, boolean http10, boolean expectsContinue) {
        Optional<String> target = originForm(request.uri());
        if (target.isEmpty()) {
            return malformed("the target must be a path or an absolute http URL");
        }
        QueryStringDecoder decoder = new QueryStringDecoder(target.get());
        try {
            if (decoder.path().chars().anyMatch(Character::isISOControl)) {
                return malformed("its path has control characters");
            }
            return new Parsed.Accepted(new RequestHead(
                    request.method().name(),
                    decoder.path(),
                    decoder.rawQuery(),
                    headers(request.headers()),
                    HttpUtil.isKeepAlive(request),
                    http10,
                    expectsContinue,
                    contentLength(request)));
        } catch (IllegalArgumentException _) {
            return malformed("its path, a header field or the Content-Length has characters that are not allowed");
        }
    }

    /** The path and query of a target: as it stands, or what follows the host in an absolute URL. */
    private static Optional<String> originForm(String target) {
        if (target.startsWith("/") || target.equals("*")) {
            return Optional.of(target);
        }
        int scheme = target.indexOf("://");
        if (scheme < 0) {
            return Optional.empty();
        }
        int path = target.indexOf('/', scheme + 3);
        return Optional.of(path < 0 ? "/" : target.substring(path));
    }

    private static HttpHeaders headers(io.netty.handler.codec.http.HttpHeaders fields) {
        List<HttpHeaders.Field> all = new ArrayList<>(fields.size());
        for (Map.Entry<String, String> field : fields) {
            all.add(new HttpHeaders.Field(field.getKey(), field.getValue()));
        }
        return HttpHeaders.of(all);
    }

    private static Optional<Long> contentLength(io.netty.handler.codec.http.HttpRequest request) {
        if (HttpUtil.isTransferEncodingChunked(request)) {
            return Optional.empty();
        }
        return Optional.of(HttpUtil.getContentLength(request, 0L));
    }
}
