package dev.reprise.openai;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body of {@code POST /detokenize}.
 *
 * @param model the model's name; absent: the one that is served
 * @param tokens each ≥ 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DetokenizeRequest(Optional<String> model, int[] tokens) {
    /**
     * Reads and checks {@code body}.
     *
     * @throws ApiException naming the first field at fault
     */
    public static DetokenizeRequest read(ObjectNode body) {
        Fields fields = new Fields(body);
        int[] tokens = fields.tokenIds("tokens", PromptInput.MAX_PROMPT_TOKENS)
                .orElseThrow(() -> ApiException.of(
                        ApiErrorCode.MISSING_FIELD, "tokens", "`tokens` is missing; give an array of token ids"));
        return new DetokenizeRequest(fields.string("model"), tokens);
    }
}
