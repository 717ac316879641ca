package dev.reprise.server;

import dev.reprise.openai.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/**
 * What is written down of one request: one line of JSON.
 *
 * @param requestId as echoed to the client
 * @param endpoint the path's pattern
 * @param tenant who asked; absent when nobody was let in
 * @param status HTTP status; 499 when the client left before the answer was complete
 * @param durationSeconds arrival to the end of the answer
 * @param generation present when tokens were asked for
 * @param errorCode the stable code, also of an error within a stream
 */
public record RequestLog(
        String requestId,
        String endpoint,
        Optional<String> tenant,
        int status,
        double durationSeconds,
        Optional<Generation> generation,
        Optional<String> errorCode) {
    /**
     * The part of requests that generate.
     *
     * @param model the served name
     * @param stream whether the answer was streamed
     * @param promptTokens of all prompts
     * @param cachedTokens prompt tokens whose KV was reused
     * @param outputTokens of all choices
     * @param timeToFirstTokenSeconds absent when there was no token
     * @param finishReason of the first choice, when it ended regularly
     * @param prompt the text given to the tokenizer, only when the server may log texts
     * @param answer the first choice's text, likewise
     */
    public record Generation(
            String model,
            boolean stream,
            int promptTokens,
            int cachedTokens,
            int outputTokens,
            OptionalDouble timeToFirstTokenSeconds,
            Optional<String> finishReason,
            Optional<String> prompt,
            Optional<String> answer) {}

    /** Where lines go. Must not block for long; called at the end of each request, on its thread. */
    @FunctionalInterface
    public interface Sink {
        /** Takes one line. */
        void write(RequestLog line);
    }

    /** Writes each line as JSON to the logger {@code reprise.request}. */
    public static Sink toLogger() {
        Logger logger = LoggerFactory.getLogger("reprise.request");
        return line -> logger.info("{}", line.toJson());
    }

    /** One line of JSON without a line break. */
    public String toJson() {
        byte[] json = Json.write(out -> {
            out.writeStartObject();
            out.writeStringProperty("event", "request");
            out.writeStringProperty("request_id", requestId);
            out.writeStringProperty("endpoint", endpoint);
            optional(out, "tenant", tenant);
            out.writeNumberProperty("status", status);
            out.writeNumberProperty("e2e_s", microseconds(durationSeconds));
            generation.ifPresent(g -> write(out, g));
            optional(out, "error_code", errorCode);
            out.writeEndObject();
        });
        return new String(json, StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator out, Generation generation) {
        out.writeStringProperty("model", generation.model());
        out.writeBooleanProperty("stream", generation.stream());
        out.writeNumberProperty("prompt_tokens", generation.promptTokens());
        out.writeNumberProperty("cached_tokens", generation.cachedTokens());
        out.writeNumberProperty("output_tokens", generation.outputTokens());
        generation
                .timeToFirstTokenSeconds()
                .ifPresent(seconds -> out.writeNumberProperty("ttft_s", microseconds(seconds)));
        optional(out, "finish_reason", generation.finishReason());
        optional(out, "prompt", generation.prompt());
        optional(out, "answer", generation.answer());
    }

    /** Rounded to what a log needs. */
    private static double microseconds(double seconds) {
        return Math.round(seconds * 1e6) / 1e6;
    }

    private static void optional(JsonGenerator out, String name, Optional<String> value) {
        value.ifPresent(v -> out.writeStringProperty(name, v));
    }
}
