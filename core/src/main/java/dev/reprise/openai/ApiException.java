package dev.reprise.openai;

import java.util.Optional;

/** Ends the handling of a request with a typed error. The server's state is untouched. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    /** Carries {@code error} to where the answer is written. */
    public ApiException(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    /** An error that no single field is to blame for. */
    public static ApiException of(ApiErrorCode code, String message) {
        return new ApiException(ApiError.of(code, message));
    }

    /** An error of the field at the path {@code param}. */
    public static ApiException of(ApiErrorCode code, String param, String message) {
        return new ApiException(new ApiError(code, message, Optional.of(param)));
    }

    /** What to tell the client. */
    public ApiError error() {
        return error;
    }
}
