package dev.reprise.openai;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One prompt of a completion request. */
public sealed interface PromptInput {
    /** A text, to be tokenized. */
    record Text(String text) implements PromptInput {}

    /** Token ids, each ≥ 0, used as they are. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; a list of a hundred thousand boxed ids would cost more
    record Tokens(int[] ids) implements PromptInput {}

    /** How many prompts one request may have. */
    int MAX_PROMPTS = 1_024;
    /** How many token ids one prompt may have on the wire. */
    int MAX_PROMPT_TOKENS = 16_777_216;

    /** Reads {@code prompt}: a string, token ids, or an array of either. */
    static List<PromptInput> read(Fields fields) {
        JsonNode prompt = fields.node("prompt")
                .orElseThrow(() -> ApiException.of(
                        ApiErrorCode.MISSING_FIELD,
                        "prompt",
                        "`prompt` is missing; give a string, an array of token ids, or an array of either"));
        if (prompt.isString()) {
            return List.of(new Text(prompt.stringValue()));
        }
        if (!prompt.isArray()) {
            throw Fields.wrongType("prompt", "a string, an array of token ids, or an array of either", prompt);
        }
        if (prompt.isEmpty()) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE, "prompt", "`prompt` is an empty array; give at least one prompt");
        }
        if (prompt.get(0).isNumber()) {
            return List.of(new Tokens(Fields.tokenIds(prompt, "prompt", MAX_PROMPT_TOKENS)));
        }
        return several(prompt);
    }

    private static List<PromptInput> several(JsonNode prompts) {
        if (prompts.size() > MAX_PROMPTS) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    "prompt",
                    "`prompt` may have at most %d prompts, has %d".formatted(MAX_PROMPTS, prompts.size()));
        }
        List<PromptInput> inputs = new ArrayList<>(prompts.size());
        for (int i = 0; i < prompts.size(); i++) {
            JsonNode item = prompts.get(i);
            String path = "prompt[" + i + "]";
            if (item.isString()) {
                inputs.add(new Text(item.stringValue()));
            } else if (item.isArray()) {
                inputs.add(new Tokens(Fields.tokenIds(item, path, MAX_PROMPT_TOKENS)));
            } else {
                throw Fields.wrongType(path, "a string or an array of token ids", item);
            }
        }
        return inputs;
    }
}
