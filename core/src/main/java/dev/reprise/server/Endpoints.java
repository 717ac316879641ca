package dev.reprise.server;

import dev.reprise.http.HttpHeaders;
import dev.reprise.http.HttpRequest;
import dev.reprise.identity.ModelId;
import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.openai.ChatRequest;
import dev.reprise.openai.CommonFields;
import dev.reprise.openai.CompletionRequest;
import dev.reprise.openai.Json;
import dev.reprise.openai.ModelCard;
import dev.reprise.openai.TokenizeRequest;
import dev.reprise.openai.Values;
import dev.reprise.router.WorkerView;
import dev.reprise.telemetry.MetricRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** What each endpoint answers. Thread-safe. */
final class Endpoints {
    private static final int SHOWN_MODEL_CHARACTERS = 100;

    private final ServerParts parts;
    private final OpenRequests open;
    private final GenerationService generation;
    private final TextService text;

    Endpoints(ServerParts parts, OpenRequests open, GenerationService generation, TextService text) {
        this.parts = parts;
        this.open = open;
        this.generation = generation;
        this.text = text;
    }

    /** Answers a request that may come in. */
    void answer(Call call, Endpoint endpoint) throws IOException, InterruptedException {
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
        boolean named =
                call.request().headers().first(ApiServer.REQUEST_ID_HEADER).isPresent();
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
            String shown = Values.abbreviate(wanted.get(), SHOWN_MODEL_CHARACTERS);
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

    /** Whether requests are taken. */
    boolean isReady() {
        return !open.isDraining() && parts.backend().workers().stream().anyMatch(WorkerView::isHealthy);
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
}
