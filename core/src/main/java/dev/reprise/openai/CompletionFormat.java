package dev.reprise.openai;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Answers of {@code /v1/completions}. */
public final class CompletionFormat implements AnswerFormat {
    private static final String OBJECT = "text_completion";

    @Override
    public String idPrefix() {
        return "cmpl-";
    }

    @Override
    public Optional<byte[]> opening(
            ResponseHead head, int index, Optional<Usage> usage, Optional<int[]> promptTokenIds) {
        return Optional.empty();
    }

    @Override
    public boolean sendsEmptyPieces() {
        return true;
    }

    @Override
    public byte[] piece(ResponseHead head, Choice piece, Optional<Usage> usage, boolean fingerprint) {
        return Json.write(out -> {
            out.writeStartObject();
            AnswerWriter.head(out, head, OBJECT);
            out.writeArrayPropertyStart("choices");
            out.writeStartObject();
            beginning(out, piece);
            AnswerWriter.tokenIds(out, "prompt_token_ids", piece.promptTokenIds());
            AnswerWriter.tokenIds(out, "token_ids", piece.tokenIds());
            out.writeEndObject();
            out.writeEndArray();
            usage.ifPresent(u -> AnswerWriter.runningUsage(out, u));
            if (fingerprint) {
                out.writeStringProperty("system_fingerprint", head.systemFingerprint());
            }
            out.writeEndObject();
        });
    }

    @Override
    public byte[] usage(ResponseHead head, Usage usage) {
        return AnswerWriter.usageChunk(head, OBJECT, usage, false);
    }

    @Override
    public byte[] answer(ResponseHead head, List<Choice> choices, Usage usage) {
        return Json.write(out -> {
            out.writeStartObject();
            AnswerWriter.head(out, head, OBJECT);
            out.writeArrayPropertyStart("choices");
            for (Choice choice : choices) {
                out.writeStartObject();
                beginning(out, choice);
                AnswerWriter.tokenIds(out, "token_ids", choice.tokenIds());
                out.writeNullProperty("prompt_logprobs");
                AnswerWriter.tokenIds(out, "prompt_token_ids", choice.promptTokenIds());
                out.writeNullProperty("routed_experts");
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeNullProperty("service_tier");
            out.writeStringProperty("system_fingerprint", head.systemFingerprint());
            AnswerWriter.answerUsage(out, usage, false);
            AnswerWriter.nulls(out, List.of("kv_transfer_params", "ec_transfer_params", "metrics"));
            out.writeEndObject();
        });
    }

    private static void beginning(JsonGenerator out, Choice choice) {
        out.writeNumberProperty("index", choice.index());
        out.writeStringProperty("text", choice.text());
        logprobs(out, choice);
        AnswerWriter.finishReason(out, choice.ending());
        AnswerWriter.stopReason(out, choice.ending());
    }

    private static void logprobs(JsonGenerator out, Choice choice) {
        if (choice.logprobs().isEmpty()) {
            out.writeNullProperty("logprobs");
            return;
        }
        List<TokenLogprob> tokens = choice.logprobs().get();
        out.writeObjectPropertyStart("logprobs");
        out.writeArrayPropertyStart("text_offset");
        int offset = choice.textOffset();
        for (TokenLogprob token : tokens) {
            out.writeNumber(offset);
            offset += token.token().codePointCount(0, token.token().length());
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("token_logprobs");
        tokens.forEach(token -> out.writeNumber(token.logprob()));
        out.writeEndArray();
        out.writeArrayPropertyStart("tokens");
        tokens.forEach(token -> out.writeString(token.token()));
        out.writeEndArray();
        out.writeArrayPropertyStart("top_logprobs");
        tokens.forEach(token -> alternatives(out, token));
        out.writeEndArray();
        out.writeEndObject();
    }

    /** The chosen token and the most likely ones, by text; the first of two tokens with one text stays. */
    private static void alternatives(JsonGenerator out, TokenLogprob token) {
        Map<String, Double> byText = new LinkedHashMap<>();
        byText.put(token.token(), token.logprob());
        token.top().forEach(top -> byText.putIfAbsent(top.token(), top.logprob()));
        out.writeStartObject();
        byText.forEach(out::writeNumberProperty);
        out.writeEndObject();
    }
}
