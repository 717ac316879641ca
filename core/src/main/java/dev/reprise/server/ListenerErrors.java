package dev.reprise.server;

import dev.reprise.http.ErrorBody;
import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpResponse;
import dev.reprise.http.ListenerError;
import dev.reprise.openai.ApiError;
import dev.reprise.openai.ApiErrorCode;

/** Gives the listener's own refusals, of requests that no handler sees, the shape of all other errors. */
final class ListenerErrors implements ErrorBody {
    private final RequestIds ids;

    /** Names requests by {@code ids}: their own names were not read. */
    ListenerErrors(RequestIds ids) {
        this.ids = ids;
    }

    @Override
    public HttpResponse toResponse(ListenerError error, String message) {
        ApiErrorCode code =
                switch (error) {
                    case MALFORMED_REQUEST -> ApiErrorCode.MALFORMED_REQUEST;
                    case REQUEST_TIMEOUT -> ApiErrorCode.REQUEST_TIMEOUT;
                    case BODY_TOO_LARGE -> ApiErrorCode.BODY_TOO_LARGE;
                    case URI_TOO_LONG -> ApiErrorCode.URI_TOO_LONG;
                    case EXPECTATION_FAILED -> ApiErrorCode.EXPECTATION_FAILED;
                    case HEADERS_TOO_LARGE -> ApiErrorCode.HEADERS_TOO_LARGE;
                    case INTERNAL_ERROR -> ApiErrorCode.INTERNAL_ERROR;
                    case UNSUPPORTED_TRANSFER_CODING -> ApiErrorCode.UNSUPPORTED_TRANSFER_CODING;
                    case OVERLOADED -> ApiErrorCode.OVERLOADED;
                    case UNSUPPORTED_VERSION -> ApiErrorCode.UNSUPPORTED_HTTP_VERSION;
                };
        HttpHeaders headers =
                HttpHeaders.EMPTY.with("X-Request-Id", ids.generate()).with("Content-Type", "application/json");
        return new HttpResponse(
                error.status(), headers, ApiError.of(code, message).toJson());
    }
}
