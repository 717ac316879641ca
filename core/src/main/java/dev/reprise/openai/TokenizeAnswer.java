package dev.reprise.openai;

import java.util.List;
import java.util.Optional;

/**
 * An answer of {@code /tokenize}.
 *
 * @param tokens the ids
 * @param texts the tokens as the vocabulary writes them, when asked for
 * @param maxModelTokens the model's context
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenizeAnswer(int[] tokens, Optional<List<String>> texts, int maxModelTokens) {
    /** The body. */
    public byte[] toJson() {
        return Json.write(out -> {
            out.writeStartObject();
            out.writeNumberProperty("count", tokens.length);
            out.writeNumberProperty("max_model_len", maxModelTokens);
            AnswerWriter.tokenIds(out, "tokens", Optional.of(tokens));
            if (texts.isPresent()) {
                out.writeArrayPropertyStart("token_strs");
                texts.get().forEach(out::writeString);
                out.writeEndArray();
            } else {
                out.writeNullProperty("token_strs");
            }
            out.writeEndObject();
        });
    }

    /** The body of an answer of {@code /detokenize}. */
    public static byte[] detokenized(String text) {
        return Json.write(out -> {
            out.writeStartObject();
            out.writeStringProperty("prompt", text);
            out.writeEndObject();
        });
    }
}
