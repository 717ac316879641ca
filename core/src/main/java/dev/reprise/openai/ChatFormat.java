package dev.reprise.openai;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Answers of {@code /v1/chat/completions}. */
public final class ChatFormat implements AnswerFormat {
    private static final String CHUNK = "chat.completion.chunk";

    @Override
    public String idPrefix() {
        return "chatcmpl-";
    }

    @Override
    public Optional<byte[]> opening(
            ResponseHead head, int index, Optional<Usage> usage, Optional<int[]> promptTokenIds) {
        return Optional.of(Json.write(out -> {
            out.writeStartObject();
            AnswerWriter.head(out, head, CHUNK);
            out.writeArrayPropertyStart("choices");
            out.writeStartObject();
            out.writeNumberProperty("index", index);
            out.writeObjectPropertyStart("delta");
            out.writeStringProperty("role", "assistant");
            out.writeStringProperty("content", "");
            out.writeEndObject();
            AnswerWriter.nulls(out, List.of("logprobs", "finish_reason"));
            out.writeEndObject();
            out.writeEndArray();
            usage.ifPresent(u -> AnswerWriter.runningUsage(out, u));
            AnswerWriter.tokenIds(out, "prompt_token_ids", promptTokenIds);
            out.writeNullProperty("prompt_text");
            out.writeEndObject();
        }));
    }

    @Override
    public boolean sendsEmptyPieces() {
        return false;
    }

    @Override
    public byte[] piece(ResponseHead head, Choice piece, Optional<Usage> usage, boolean fingerprint) {
        return Json.write(out -> {
            out.writeStartObject();
            AnswerWriter.head(out, head, CHUNK);
            out.writeArrayPropertyStart("choices");
            out.writeStartObject();
            out.writeNumberProperty("index", piece.index());
            out.writeObjectPropertyStart("delta");
            if (!piece.text().isEmpty()) {
                out.writeStringProperty("content", piece.text());
            }
            out.writeEndObject();
            logprobs(out, piece.logprobs());
            AnswerWriter.finishReason(out, piece.ending());
            if (piece.ending().isPresent()) {
                AnswerWriter.stopReason(out, piece.ending());
            }
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
        return AnswerWriter.usageChunk(head, CHUNK, usage, true);
    }

    @Override
    public byte[] answer(ResponseHead head, List<Choice> choices, Usage usage) {
        return Json.write(out -> {
            out.writeStartObject();
            AnswerWriter.head(out, head, "chat.completion");
            out.writeArrayPropertyStart("choices");
            for (Choice choice : choices) {
                choice(out, choice);
            }
            out.writeEndArray();
            out.writeNullProperty("service_tier");
            out.writeStringProperty("system_fingerprint", head.systemFingerprint());
            AnswerWriter.answerUsage(out, usage, true);
            out.writeNullProperty("prompt_logprobs");
            AnswerWriter.tokenIds(out, "prompt_token_ids", choices.getFirst().promptTokenIds());
            AnswerWriter.nulls(out, List.of("prompt_text", "kv_transfer_params", "ec_transfer_params", "metrics"));
            out.writeEndObject();
        });
    }

    private static void choice(JsonGenerator out, Choice choice) {
        out.writeStartObject();
        out.writeNumberProperty("index", choice.index());
        out.writeObjectPropertyStart("message");
        out.writeStringProperty("role", "assistant");
        out.writeStringProperty("content", choice.text());
        AnswerWriter.nulls(out, List.of("refusal", "annotations", "audio", "function_call", "reasoning"));
        out.writeEndObject();
        logprobs(out, choice.logprobs());
        AnswerWriter.finishReason(out, choice.ending());
        AnswerWriter.stopReason(out, choice.ending());
        AnswerWriter.tokenIds(out, "token_ids", choice.tokenIds());
        out.writeNullProperty("routed_experts");
        out.writeEndObject();
    }

    private static void logprobs(JsonGenerator out, Optional<List<TokenLogprob>> logprobs) {
        if (logprobs.isEmpty()) {
            out.writeNullProperty("logprobs");
            return;
        }
        out.writeObjectPropertyStart("logprobs");
        out.writeArrayPropertyStart("content");
        for (TokenLogprob token : logprobs.get()) {
            out.writeStartObject();
            token(out, token);
            out.writeArrayPropertyStart("top_logprobs");
            for (TokenLogprob top : token.top()) {
                out.writeStartObject();
                token(out, top);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void token(JsonGenerator out, TokenLogprob token) {
        out.writeStringProperty("token", token.token());
        out.writeNumberProperty("logprob", token.logprob());
        out.writeArrayPropertyStart("bytes");
        for (byte b : token.bytes()) {
            out.writeNumber(b & 0xff);
        }
        out.writeEndArray();
    }
}
