package dev.reprise.server;

import dev.reprise.http.ClientGoneException;
import dev.reprise.http.ErrorBody;
import dev.reprise.http.HttpExchange;
import dev.reprise.http.HttpHandler;
import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpRequest;
import dev.reprise.identity.TenantId;
import dev.reprise.openai.ApiError;
import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.runtime.Clock;
import dev.reprise.telemetry.Metric;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenAI-compatible API, served on the listener's virtual threads.
 *
 * <p>Every request is answered once, with its request id: by its endpoint, or with one {@link ApiError}. Thread-safe.
 */
public final class ApiServer implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    static final String REQUEST_ID_HEADER = "X-Request-Id";
    private static final String UNKNOWN_ENDPOINT = "other";

    private final Duration retryAfter;
    private final ServerParts parts;
    private final Clock clock;
    private final RequestIds requestIds;
    private final OpenRequests open;
    private final Endpoints endpoints;

    /** Serves {@code parts} under {@code options}. */
    public ApiServer(ServerOptions options, ServerParts parts) {
        this.retryAfter = options.retryAfter();
        this.parts = parts;
        this.clock = parts.timers().clock();
        this.requestIds = new RequestIds(parts.random());
        this.open = new OpenRequests(options.maxOpenRequests());
        PromptEncoder encoder = new PromptEncoder(parts.model(), options.encodeParallelism());
        GenerationService generation = new GenerationService(options, parts, encoder, open);
        this.endpoints = new Endpoints(parts, open, generation, new TextService(parts.model(), encoder));
        parts.metrics().set(Metric.BUILD_INFO, 1, parts.version());
        parts.metrics()
                .onExpose(
                        () -> WorkerGauges.set(parts.metrics(), parts.backend().workers(), isReady()));
    }

    /** Shapes the refusals of the listener that this server is given to. */
    public ErrorBody listenerErrors() {
        return new ListenerErrors(requestIds);
    }

    /** From now on not ready: new work is refused with 503, what is open goes on. Idempotent. */
    public void drain() {
        open.drain();
    }

    /**
     * Waits until no generation request is open.
     *
     * @return false when {@code timeout} passed before
     */
    public boolean awaitIdle(Duration timeout) throws InterruptedException {
        return open.awaitIdle(timeout.toNanos());
    }

    /** Generation requests that are open now. */
    public int openRequests() {
        return open.count();
    }

    /** Whether requests are taken: not draining, and at least one worker is healthy. */
    public boolean isReady() {
        return endpoints.isReady();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException, InterruptedException {
        long arrivalNanos = clock.nanos();
        Optional<String> clientId = exchange.request().headers().first(REQUEST_ID_HEADER);
        Optional<ApiException> badId = checkId(clientId);
        String id = badId.isPresent() ? requestIds.generate() : clientId.orElseGet(requestIds::generate);
        Optional<Endpoint> endpoint = Endpoint.at(exchange.request().path());
        try (Call call = new Call(exchange, id, arrivalNanos, retryAfter)) {
            try {
                answer(call, endpoint, badId);
            } catch (ClientGoneException e) {
                call.clientGone();
                throw e;
            } catch (InterruptedException e) {
                call.interrupted();
                throw e;
            } finally {
                conclude(call, endpoint);
            }
        }
    }

    private static Optional<ApiException> checkId(Optional<String> clientId) {
        try {
            clientId.ifPresent(id -> RequestIds.check(id, REQUEST_ID_HEADER));
            return Optional.empty();
        } catch (ApiException e) {
            return Optional.of(e);
        }
    }

    private void answer(Call call, Optional<Endpoint> endpoint, Optional<ApiException> badId)
            throws IOException, InterruptedException {
        try {
            if (badId.isPresent()) {
                throw badId.get();
            }
            endpoints.answer(call, checkRoute(call, endpoint));
        } catch (ApiException e) {
            call.fail(e.error(), errorHeaders(e.error(), endpoint));
        } catch (RejectedExecutionException e) {
            // An event loop is full or closed: nothing of the request runs.
            call.fail(
                    ApiError.of(ApiErrorCode.OVERLOADED, "the server has too much to do; try again later"),
                    HttpHeaders.EMPTY);
        } catch (RuntimeException e) {
            // A fault of ours: the request's resources are closed on the way here, the server goes on.
            LOG.error("request {} failed", call.requestId(), e);
            call.fail(
                    ApiError.of(
                            ApiErrorCode.INTERNAL_ERROR,
                            "internal error; the server's log has it under request id %s".formatted(call.requestId())),
                    HttpHeaders.EMPTY);
        }
    }

    private static HttpHeaders errorHeaders(ApiError error, Optional<Endpoint> endpoint) {
        return switch (error.code()) {
            case INVALID_API_KEY -> HttpHeaders.EMPTY.with("WWW-Authenticate", "Bearer");
            case METHOD_NOT_ALLOWED ->
                HttpHeaders.EMPTY.with("Allow", endpoint.orElseThrow().method());
            default -> HttpHeaders.EMPTY;
        };
    }

    private Endpoint checkRoute(Call call, Optional<Endpoint> endpoint) {
        HttpRequest request = call.request();
        if (endpoint.isEmpty()) {
            throw ApiException.of(
                    ApiErrorCode.NOT_FOUND,
                    "there is nothing at %s %s; the API begins at /v1".formatted(request.method(), request.path()));
        }
        if (!endpoint.get().method().equals(request.method())) {
            throw ApiException.of(
                    ApiErrorCode.METHOD_NOT_ALLOWED,
                    "%s takes %s, not %s"
                            .formatted(request.path(), endpoint.get().method(), request.method()));
        }
        if (endpoint.get().guarded()) {
            TenantId tenant = parts.keys()
                    .authenticate(request.headers().first("Authorization"))
                    .orElseThrow(() -> ApiException.of(
                            ApiErrorCode.INVALID_API_KEY,
                            "no valid API key; send the header \"Authorization: Bearer KEY\""));
            call.authenticatedAs(tenant);
        }
        return endpoint.get();
    }

    private void conclude(Call call, Optional<Endpoint> endpoint) {
        call.assumeFailure();
        String name = endpoint.map(Endpoint::path).orElse(UNKNOWN_ENDPOINT);
        parts.metrics().count(Metric.REQUESTS, 1, name, call.status() / 100 + "xx");
        call.error().ifPresent(code -> parts.metrics().count(Metric.REQUEST_ERRORS, 1, code.wireName()));
        boolean quietProbe = endpoint.isPresent() && !endpoint.get().guarded() && call.status() < 400;
        if (!quietProbe) {
            parts.log().write(call.toLog(name, clock.nanos()));
        }
    }
}
