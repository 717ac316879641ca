package dev.reprise.server;

import dev.reprise.http.ClientGoneException;
import dev.reprise.http.ErrorBody;
import dev.reprise.http.HttpExchange;
import dev.reprise.http.HttpHandler;
import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpRequest;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.TenantId;
import dev.reprise.openai.ApiError;
import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.openai.ChatRequest;
import dev.reprise.openai.CommonFields;
import dev.reprise.openai.CompletionRequest;
import dev.reprise.openai.Json;
import dev.reprise.openai.ModelCard;
import dev.reprise.openai.TokenizeRequest;
import dev.reprise.router.WorkerView;
import dev.reprise.runtime.Clock;
import dev.reprise.telemetry.Metric;
import dev.reprise.telemetry.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAI-compatible API, served on the listener's virtual threads.
 *
 * <p>Every request is answered once, with its request id: by its endpoint, or with one {@link ApiError}. Thread-safe.
 */
public final class ApiServer implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final String REQUEST_ID_HEADER = "X-Request-Id";
    private static final String UNKNOWN_ENDPOINT = "other";

    private final Duration retryAfter;
    private final ServerParts parts;
    private final Clock clock;
    private final RequestIds requestIds;
    private final OpenRequests open;
    private final GenerationService generation;
    private final TextService text;

    /** Serves {@code parts} under {@code options}. */
    public ApiServer(ServerOptions options, ServerParts parts) {
        this.retryAfter = options.retryAfter();
        this.parts = parts;
        this.clock = parts.timers().clock();
        this.requestIds = new RequestIds(parts.random());
        this.open = new OpenRequests(options.maxOpenRequests());
        PromptEncoder encoder = new PromptEncoder(parts.model(), options.encodeParallelism());
        this.generation = new GenerationService(options, parts, encoder, open);
        this.text = new TextService(parts.model(), encoder);
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
        return !open.isDraining() && parts.backend().workers().stream().anyMatch(WorkerView::isHealthy);
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
            route(call, checkRoute(call, endpoint));
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

    private void route(Call call, Endpoint endpoint) throws IOException, InterruptedException {
        switch (endpoint) {
            case CHAT_COMPLETIONS -> chat(call);
            case COMPLETIONS -> complete(call);
            case MODELS -> call.json(200, ModelCard.list(modelCards()));
            case MODEL -> model(call);
            case TOKENIZE -> tokenize(call);
            case DETOKENIZE -> call.json(200, text.detokenize(body(call), this::checkModel));
            case LIVE -> call.json(200, state("live"));
            case READY -> ready(call, state("ready"));
            case HEALTH -> ready(call, new byte[0]);
            case METRICS ->
                call.respond(200, MetricRegistry.CONTENT_TYPE, parts.metrics().expose(), HttpHeaders.EMPTY);
            case VERSION -> call.json(200, version());
        }
    }

    private void chat(Call call) throws IOException, InterruptedException {
        ChatRequest request = ChatRequest.read(body(call));
        checkCommon(call, request.common());
        generation.chat(call, request);
    }

    private void complete(Call call) throws IOException, InterruptedException {
        CompletionRequest request = CompletionRequest.read(body(call));
        checkCommon(call, request.common());
        generation.complete(call, request);
    }

    private void checkCommon(Call call, CommonFields fields) {
        checkModel(fields.model());
        boolean named = call.request().headers().first(REQUEST_ID_HEADER).isPresent();
        if (!named && fields.requestId().isPresent()) {
            call.rename(RequestIds.check(fields.requestId().get(), "request_id"));
        }
    }

    private void tokenize(Call call) throws IOException, InterruptedException {
        TokenizeRequest request = TokenizeRequest.read(body(call));
        checkModel(request.model());
        call.json(200, text.tokenize(request));
    }

    private ObjectNode body(Call call) {
        HttpRequest request = call.request();
        String contentType = request.headers().first("Content-Type").orElse("application/json");
        String mediaType = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!mediaType.equals("application/json")) {
            throw ApiException.of(
                    ApiErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "the body's type is %s; send JSON with \"Content-Type: application/json\"".formatted(mediaType));
        }
        return Json.readObject(request.body());
    }

    private void checkModel(Optional<String> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        List<ModelId> names = parts.model().names();
        if (names.stream().noneMatch(name -> name.value().equals(wanted.get()))) {
            String shown =
                    wanted.get().length() <= 100 ? wanted.get() : wanted.get().substring(0, 100) + "…";
            String available = names.stream().map(ModelId::value).collect(Collectors.joining(", "));
            throw ApiException.of(
                    ApiErrorCode.MODEL_NOT_FOUND,
                    "model",
                    "the model `%s` is not served here; available: %s".formatted(shown, available));
        }
    }

    private void model(Call call) throws IOException, InterruptedException {
        String name = call.request().path().substring(Endpoint.MODEL.path().length());
        checkModel(Optional.of(name));
        call.json(200, card(name).toJson());
    }

    private List<ModelCard> modelCards() {
        return parts.model().names().stream().map(name -> card(name.value())).toList();
    }

    private ModelCard card(String name) {
        ServedModel model = parts.model();
        return new ModelCard(
                name,
                model.loadedAt().getEpochSecond(),
                model.root(),
                model.limits().maxModelTokens());
    }

    private void ready(Call call, byte[] whenReady) throws IOException, InterruptedException {
        if (open.isDraining()) {
            throw ApiException.of(ApiErrorCode.SHUTTING_DOWN, "the server is shutting down");
        }
        if (!isReady()) {
            throw ApiException.of(ApiErrorCode.NO_WORKER, "no worker can serve: " + unhealthy());
        }
        call.json(200, whenReady);
    }

    private String unhealthy() {
        return parts.backend().workers().stream()
                .map(w -> w.description().worker() + " is " + w.health())
                .collect(Collectors.joining("; "));
    }

    private static byte[] state(String name) {
        return "{\"status\":\"%s\"}".formatted(name).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] version() {
        return Json.write(out -> {
            out.writeStartObject();
            out.writeStringProperty("version", parts.version());
            out.writeEndObject();
        });
    }

    private void conclude(Call call, Optional<Endpoint> endpoint) {
        String name = endpoint.map(Endpoint::path).orElse(UNKNOWN_ENDPOINT);
        parts.metrics().count(Metric.REQUESTS, 1, name, call.status() / 100 + "xx");
        call.error().ifPresent(code -> parts.metrics().count(Metric.REQUEST_ERRORS, 1, code.wireName()));
        boolean quietProbe = endpoint.isPresent() && !endpoint.get().guarded() && call.status() < 400;
        if (!quietProbe) {
            parts.log().write(call.toLog(name, clock.nanos()));
        }
    }
}
