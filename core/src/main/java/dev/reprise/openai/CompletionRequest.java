package dev.reprise.openai;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body of {@code POST /v1/completions}.
 *
 * @param common what chats have as well
 * @param prompts at least one
 * @param addSpecialTokens let the tokenizer add what the model expects around a text
 */
public record CompletionRequest(CommonFields common, List<PromptInput> prompts, boolean addSpecialTokens) {
    /** Copies the list. */
    public CompletionRequest {
        prompts = List.copyOf(prompts);
    }

    /**
     * Reads and checks {@code body}.
     *
     * @throws ApiException naming the first field at fault
     */
    public static CompletionRequest read(ObjectNode body) {
        Fields fields = new Fields(body);
        UnsupportedFields.checkCompletion(fields);
        return new CompletionRequest(
                CommonFields.read(fields, OutputFields.readCompletion(fields)),
                PromptInput.read(fields),
                fields.flag("add_special_tokens", true));
    }
}
