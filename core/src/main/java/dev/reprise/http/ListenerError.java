package dev.reprise.http;

/** What the listener refuses by itself, before a handler sees a request. The codes are stable. */
public enum ListenerError {
    /** Not HTTP/1.x as RFC 9112 has it, or ambiguous about where the body ends. */
    MALFORMED_REQUEST(400, "malformed_request"),
    /** The request did not arrive whole within the read time-out. */
    REQUEST_TIMEOUT(408, "request_timeout"),
    /** The body is larger than the listener's limit. */
    BODY_TOO_LARGE(413, "body_too_large"),
    /** The request line is longer than the listener's limit. */
    URI_TOO_LONG(414, "uri_too_long"),
    /** An {@code Expect} other than {@code 100-continue}. */
    EXPECTATION_FAILED(417, "expectation_failed"),
    /** The header fields are larger than the listener's limit. */
    HEADERS_TOO_LARGE(431, "headers_too_large"),
    /** The handler failed, or returned without an answer. */
    INTERNAL_ERROR(500, "internal_error"),
    /** A transfer coding other than {@code chunked}. */
    UNSUPPORTED_TRANSFER_CODING(501, "unsupported_transfer_coding"),
    /** The listener has as many connections, or as many bytes of request bodies, as it may hold. */
    OVERLOADED(503, "overloaded"),
    /** A major version of HTTP other than 1. */
    UNSUPPORTED_VERSION(505, "unsupported_http_version");

    private final int status;
    private final String code;

    ListenerError(int status, String code) {
        this.status = status;
        this.code = code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The stable code, for the body. */
    public String code() {
        return code;
    }
}
