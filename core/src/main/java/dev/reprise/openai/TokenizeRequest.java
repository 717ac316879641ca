package dev.reprise.openai;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body of {@code POST /tokenize}.
 *
 * @param model the model's name; absent: the one that is served
 * @param input what to tokenize
 * @param returnTokenTexts report the tokens as the vocabulary writes them
 */
public record TokenizeRequest(Optional<String> model, Input input, boolean returnTokenTexts) {
    /** A text or a conversation. */
    public sealed interface Input {
        /** A text. */
        record Prompt(String text, boolean addSpecialTokens) implements Input {}

        /** A conversation, rendered by the chat template. */
        record Chat(ChatRequest.Conversation conversation) implements Input {}
    }

    /**
     * Reads and checks {@code body}.
     *
     * @throws ApiException naming the first field at fault
     */
    public static TokenizeRequest read(ObjectNode body) {
        Fields fields = new Fields(body);
        return new TokenizeRequest(fields.string("model"), input(fields), fields.flag("return_token_strs", false));
    }

    private static Input input(Fields fields) {
        if (fields.node("messages").isPresent()) {
            return new Input.Chat(ChatRequest.Conversation.read(fields));
        }
        String prompt = fields.string("prompt")
                .orElseThrow(() -> ApiException.of(
                        ApiErrorCode.MISSING_FIELD, "prompt", "`prompt` is missing; give a string, or `messages`"));
        return new Input.Prompt(prompt, fields.flag("add_special_tokens", true));
    }
}
