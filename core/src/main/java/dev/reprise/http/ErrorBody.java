package dev.reprise.http;

/** Gives the listener's own refusals the shape of the API it serves. Called on I/O threads: must not block. */
@FunctionalInterface
public interface ErrorBody {
    /** The answer for {@code error}; {@code message} says what was wrong and what the limit is, in one sentence. */
    HttpResponse toResponse(ListenerError error, String message);
}
