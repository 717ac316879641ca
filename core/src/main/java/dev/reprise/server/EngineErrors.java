package dev.reprise.server;

import dev.reprise.engine.EngineError;
import dev.reprise.openai.ApiError;
import dev.reprise.openai.ApiErrorCode;

/** What an engine's failure is to a client. */
final class EngineErrors {
    private EngineErrors() {}

    static ApiError toApi(EngineError error) {
        ApiErrorCode code =
                switch (error.code()) {
                    case TOO_LONG -> ApiErrorCode.CONTEXT_LENGTH_EXCEEDED;
                    case INVALID_REQUEST -> ApiErrorCode.INVALID_VALUE;
                    case OVERLOADED -> ApiErrorCode.OVERLOADED;
                    case DEADLINE_EXCEEDED -> ApiErrorCode.DEADLINE_EXCEEDED;
                    case COMPUTE_FAILED -> ApiErrorCode.COMPUTE_FAILED;
                    case SHUTDOWN -> ApiErrorCode.SHUTTING_DOWN;
                };
        return ApiError.of(code, error.message());
    }
}
