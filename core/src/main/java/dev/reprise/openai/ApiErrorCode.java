package dev.reprise.openai;

import java.util.Locale;

/** Everything that can go wrong with a request, as clients see it. The wire codes are stable. */
public enum ApiErrorCode {
    /** The body is not one well-formed JSON object in UTF-8. */
    INVALID_JSON(400, ErrorType.INVALID_REQUEST),
    /** A field has the wrong JSON type. */
    INVALID_TYPE(400, ErrorType.INVALID_REQUEST),
    /** A field's value is out of range, or contradicts another. */
    INVALID_VALUE(400, ErrorType.INVALID_REQUEST),
    /** A required field is absent. */
    MISSING_FIELD(400, ErrorType.INVALID_REQUEST),
    /** The prompt alone, or with its output, does not fit the model's context. */
    CONTEXT_LENGTH_EXCEEDED(400, ErrorType.INVALID_REQUEST),
    /** Not HTTP as its standard has it. */
    MALFORMED_REQUEST(400, ErrorType.INVALID_REQUEST),
    /** The body is not announced as JSON. */
    UNSUPPORTED_MEDIA_TYPE(400, ErrorType.INVALID_REQUEST),
    /** No key, or one that is not known. */
    INVALID_API_KEY(401, ErrorType.AUTHENTICATION),
    /** The path names nothing. */
    NOT_FOUND(404, ErrorType.NOT_FOUND),
    /** The model is not served here. */
    MODEL_NOT_FOUND(404, ErrorType.NOT_FOUND),
    /** The path exists, but not for this method. */
    METHOD_NOT_ALLOWED(405, ErrorType.INVALID_REQUEST),
    /** The request did not arrive in time. */
    REQUEST_TIMEOUT(408, ErrorType.INVALID_REQUEST),
    /** The body exceeds the limit. */
    BODY_TOO_LARGE(413, ErrorType.INVALID_REQUEST),
    /** The request line exceeds the limit. */
    URI_TOO_LONG(414, ErrorType.INVALID_REQUEST),
    /** An expectation that cannot be met. */
    EXPECTATION_FAILED(417, ErrorType.INVALID_REQUEST),
    /** The header fields exceed the limit. */
    HEADERS_TOO_LARGE(431, ErrorType.INVALID_REQUEST),
    /** A fault of the server's own. */
    INTERNAL_ERROR(500, ErrorType.SERVER),
    /** The engine failed while computing this request. */
    COMPUTE_FAILED(500, ErrorType.SERVER),
    /** A field or part that OpenAI's API knows and this server does not implement. */
    NOT_IMPLEMENTED(501, ErrorType.NOT_IMPLEMENTED),
    /** A transfer coding other than chunked. */
    UNSUPPORTED_TRANSFER_CODING(501, ErrorType.NOT_IMPLEMENTED),
    /** Too much is open already; later, it may do. */
    OVERLOADED(503, ErrorType.UNAVAILABLE),
    /** The server takes no new work. */
    SHUTTING_DOWN(503, ErrorType.UNAVAILABLE),
    /** No worker can serve. */
    NO_WORKER(503, ErrorType.UNAVAILABLE),
    /** The answer was not complete within the request's time. */
    DEADLINE_EXCEEDED(504, ErrorType.UNAVAILABLE),
    /** A version of HTTP other than 1. */
    UNSUPPORTED_HTTP_VERSION(505, ErrorType.NOT_IMPLEMENTED);

    private enum ErrorType {
        INVALID_REQUEST("invalid_request_error"),
        AUTHENTICATION("authentication_error"),
        NOT_FOUND("not_found_error"),
        NOT_IMPLEMENTED("not_implemented_error"),
        UNAVAILABLE("service_unavailable_error"),
        SERVER("server_error");

        private final String wireName;

        ErrorType(String wireName) {
            this.wireName = wireName;
        }
    }

    private final int status;
    private final ErrorType type;
    private final String wireName;

    ApiErrorCode(int status, ErrorType type) {
        this.status = status;
        this.type = type;
        this.wireName = name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The member {@code type} of the error. */
    public String type() {
        return type.wireName;
    }

    /** The member {@code code} of the error. */
    public String wireName() {
        return wireName;
    }
}
