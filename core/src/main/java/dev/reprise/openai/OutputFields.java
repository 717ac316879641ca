package dev.reprise.openai;

import java.util.OptionalInt;

/**
 * What the client wants in the answer.
 *
 * @param choices how many answers for each prompt, ≥ 1 ({@code n})
 * @param logprobs alternatives reported for each token; 0: the chosen token alone; absent: none
 * @param tokensAsIds write {@code token_id:N} in place of a token's text in log probabilities
 * @param returnTokenIds report the token ids of prompt and output
 * @param skipSpecialTokens leave special tokens out of the text
 */
public record OutputFields(
        int choices, OptionalInt logprobs, boolean tokensAsIds, boolean returnTokenIds, boolean skipSpecialTokens) {
    /** The most alternatives for each token, vLLM's default limit. */
    public static final int MAX_LOGPROBS = 20;

    private static final int MAX_CHOICES = 16_384;

    static OutputFields readChat(Fields fields) {
        OptionalInt top = fields.integer("top_logprobs", 0, MAX_LOGPROBS);
        boolean wanted = fields.flag("logprobs", false);
        if (!wanted && top.orElse(0) > 0) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    "top_logprobs",
                    "`top_logprobs` is %d, but `logprobs` is not true; set `logprobs` to true or leave both out"
                            .formatted(top.getAsInt()));
        }
        return read(fields, wanted ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty());
    }

    static OutputFields readCompletion(Fields fields) {
        return read(fields, fields.integer("logprobs", 0, MAX_LOGPROBS));
    }

    private static OutputFields read(Fields fields, OptionalInt logprobs) {
        int choices = fields.integer("n", 1, MAX_CHOICES).orElse(1);
        int bestOf = fields.integer("best_of", 1, MAX_CHOICES).orElse(choices);
        if (bestOf != choices) {
            throw UnsupportedFields.notImplemented(
                    "best_of",
                    "generating more answers than are returned",
                    fields.json().get("best_of"));
        }
        return new OutputFields(
                choices,
                logprobs,
                fields.flag("return_tokens_as_token_ids", false),
                fields.flag("return_token_ids", false),
                fields.flag("skip_special_tokens", true));
    }
}
