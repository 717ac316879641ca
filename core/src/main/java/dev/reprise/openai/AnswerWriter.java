package dev.reprise.openai;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** The parts that both formats write alike. */
final class AnswerWriter {
    private AnswerWriter() {}

    static void head(JsonGenerator out, ResponseHead head, String object) {
        out.writeStringProperty("id", head.id());
        out.writeStringProperty("object", object);
        out.writeNumberProperty("created", head.createdSeconds());
        out.writeStringProperty("model", head.model());
    }

    static void finishReason(JsonGenerator out, Optional<Ending> ending) {
        stringOrNull(out, "finish_reason", ending.map(Ending::wireName));
    }

    static void stopReason(JsonGenerator out, Optional<Ending> ending) {
        out.writeName("stop_reason");
        if (ending.isPresent()
                && ending.get() instanceof Ending.Stop stop
                && stop.reason().isPresent()) {
            switch (stop.reason().get()) {
                case Ending.StopReason.Text(String text) -> out.writeString(text);
                case Ending.StopReason.Token(int id) -> out.writeNumber(id);
            }
        } else {
            out.writeNull();
        }
    }

    static void tokenIds(JsonGenerator out, String name, Optional<int[]> ids) {
        out.writeName(name);
        if (ids.isPresent()) {
            out.writeArray(ids.get(), 0, ids.get().length);
        } else {
            out.writeNull();
        }
    }

    /** The usage so far, which says nothing of the cache yet. */
    static void runningUsage(JsonGenerator out, Usage usage) {
        out.writeName("usage");
        out.writeStartObject();
        counts(out, usage);
        out.writeNullProperty("completion_tokens_details");
        out.writeEndObject();
    }

    /** The chunk after the last piece of a stream: no choices, only what the request took. */
    static byte[] usageChunk(ResponseHead head, String object, Usage usage, boolean createdTokens) {
        return Json.write(out -> {
            out.writeStartObject();
            head(out, head, object);
            out.writeArrayPropertyStart("choices");
            out.writeEndArray();
            finalUsage(out, usage, createdTokens);
            out.writeStringProperty("system_fingerprint", head.systemFingerprint());
            out.writeEndObject();
        });
    }

    /** The usage at the end of a stream. */
    static void finalUsage(JsonGenerator out, Usage usage, boolean created) {
        out.writeName("usage");
        out.writeStartObject();
        counts(out, usage);
        out.writeName("prompt_tokens_details");
        out.writeStartObject();
        out.writeNumberProperty("cached_tokens", usage.cachedTokens());
        if (created) {
            out.writeNumberProperty("created_cache_tokens", usage.createdCacheTokens());
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    /** The usage of a whole answer. */
    static void answerUsage(JsonGenerator out, Usage usage, boolean created) {
        out.writeName("usage");
        out.writeStartObject();
        counts(out, usage);
        out.writeName("prompt_tokens_details");
        out.writeStartObject();
        out.writeNumberProperty("cached_tokens", usage.cachedTokens());
        if (created) {
            out.writeNumberProperty("created_cache_tokens", usage.createdCacheTokens());
        } else {
            out.writeNullProperty("created_cache_tokens");
        }
        out.writeNullProperty("multimodal_tokens");
        out.writeEndObject();
        out.writeNullProperty("completion_tokens_details");
        out.writeEndObject();
    }

    static void nulls(JsonGenerator out, List<String> names) {
        for (String name : names) {
            out.writeNullProperty(name);
        }
    }

    private static void counts(JsonGenerator out, Usage usage) {
        out.writeNumberProperty("prompt_tokens", usage.promptTokens());
        out.writeNumberProperty("total_tokens", usage.totalTokens());
        out.writeNumberProperty("completion_tokens", usage.completionTokens());
    }

    private static void stringOrNull(JsonGenerator out, String name, Optional<String> value) {
        if (value.isPresent()) {
            out.writeStringProperty(name, value.get());
        } else {
            out.writeNullProperty(name);
        }
    }
}
