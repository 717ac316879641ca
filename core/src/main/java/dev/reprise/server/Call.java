package dev.reprise.server;

import dev.reprise.http.HttpExchange;
import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpRequest;
import dev.reprise.http.HttpResponse;
import dev.reprise.http.HttpStream;
import dev.reprise.identity.TenantId;
import dev.reprise.openai.ApiError;
import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.SseFrames;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * One HTTP request while it is answered: its identity, how far the answer is, and what the log will say of it. Every
 * answer carries the request id. Used by the request's thread alone.
 */
final class Call implements AutoCloseable {
    private static final int CLIENT_GONE = 499;
    private static final HttpHeaders EVENT_STREAM = HttpHeaders.EMPTY
            .with("Content-Type", "text/event-stream; charset=utf-8")
            .with("Cache-Control", "no-cache");

    private final HttpExchange exchange;
    private String requestId;
    private final long arrivalNanos;
    private final Duration retryAfter;

    private TenantId tenant = TenantId.ANONYMOUS;
    private boolean authenticated;
    private Optional<HttpStream> stream = Optional.empty();
    private boolean streamFinished;
    private int status;
    private Optional<ApiErrorCode> error = Optional.empty();
    private Optional<GenerationRecord> generation = Optional.empty();

    Call(HttpExchange exchange, String requestId, long arrivalNanos, Duration retryAfter) {
        this.exchange = exchange;
        this.requestId = requestId;
        this.arrivalNanos = arrivalNanos;
        this.retryAfter = retryAfter;
    }

    HttpRequest request() {
        return exchange.request();
    }

    HttpExchange exchange() {
        return exchange;
    }

    String requestId() {
        return requestId;
    }

    /** Takes the name that the body gives the request, before anything was sent. */
    void rename(String id) {
        requestId = id;
    }

    long arrivalNanos() {
        return arrivalNanos;
    }

    TenantId tenant() {
        return tenant;
    }

    void authenticatedAs(TenantId tenant) {
        this.tenant = tenant;
        this.authenticated = true;
    }

    /** What the log says of a generating request; the same object is filled as it goes on. */
    void generation(GenerationRecord record) {
        this.generation = Optional.of(record);
    }

    void json(int status, byte[] body) throws IOException, InterruptedException {
        respond(status, "application/json", body, HttpHeaders.EMPTY);
    }

    void respond(int status, String contentType, byte[] body, HttpHeaders more)
            throws IOException, InterruptedException {
        this.status = status;
        HttpHeaders headers = more.with("X-Request-Id", requestId);
        if (body.length > 0) {
            headers = headers.with("Content-Type", contentType);
        }
        exchange.respond(new HttpResponse(status, headers, body));
    }

    /** Starts the answer as an event stream, once. */
    void startStream() throws IOException, InterruptedException {
        status = 200;
        stream = Optional.of(exchange.startStream(status, EVENT_STREAM.with("X-Request-Id", requestId)));
    }

    boolean isStreaming() {
        return stream.isPresent();
    }

    void write(byte[] frames) throws IOException, InterruptedException {
        stream.orElseThrow().write(frames);
    }

    void finishStream() throws IOException, InterruptedException {
        streamFinished = true;
        stream.orElseThrow().finish();
    }

    /** Ends the answer with an error: as an answer, or as the last events of a stream that has begun. */
    void fail(ApiError failure, HttpHeaders more) throws IOException, InterruptedException {
        error = Optional.of(failure.code());
        if (stream.isPresent()) {
            if (!streamFinished) {
                write(SseFrames.data(failure.toJson()));
                write(SseFrames.done());
                finishStream();
            }
            return;
        }
        if (status != 0) {
            // The answer went out before something behind it failed: only the log can say so.
            return;
        }
        HttpHeaders headers = failure.code().status() == 503
                ? more.with("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())))
                : more;
        respond(failure.code().status(), "application/json", failure.toJson(), headers);
    }

    /** Notes that nobody was there any more to take the answer. */
    void clientGone() {
        status = CLIENT_GONE;
    }

    /** Notes that the server stopped before the answer was complete. */
    void interrupted() {
        error = Optional.of(ApiErrorCode.SHUTTING_DOWN);
        status = ApiErrorCode.SHUTTING_DOWN.status();
    }

    /** Notes an internal error when the answer never began: the listener then says so to the client. */
    void assumeFailure() {
        if (status == 0) {
            status = ApiErrorCode.INTERNAL_ERROR.status();
            error = Optional.of(ApiErrorCode.INTERNAL_ERROR);
        }
    }

    /** The line of the log, at the end. */
    RequestLog toLog(String endpoint, long nowNanos) {
        return new RequestLog(
                requestId,
                endpoint,
                authenticated ? Optional.of(tenant.value()) : Optional.empty(),
                status,
                (nowNanos - arrivalNanos) * 1e-9,
                generation.map(GenerationRecord::toLog),
                error.map(ApiErrorCode::wireName));
    }

    Optional<ApiErrorCode> error() {
        return error;
    }

    int status() {
        return status;
    }

    @Override
    public void close() {
        stream.ifPresent(HttpStream::close);
    }
}
