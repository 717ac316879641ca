package dev.reprise.openai;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body of {@code POST /v1/chat/completions}.
 *
 * @param common what completions have as well
 * @param conversation what is rendered by the chat template
 */
public record ChatRequest(CommonFields common, Conversation conversation) {
    /**
     * Messages and how to render them.
     *
     * @param messages members in the client's order; the content of each a string
     * @param addGenerationPrompt end with the opening of the assistant's turn
     * @param continueFinalMessage leave the last message open instead
     * @param addSpecialTokens let the tokenizer add its own tokens to what the template wrote
     * @param variables {@code chat_template_kwargs}, in the client's order
     */
    public record Conversation(
            ArrayNode messages,
            boolean addGenerationPrompt,
            boolean continueFinalMessage,
            boolean addSpecialTokens,
            Map<String, JsonNode> variables) {
        static Conversation read(Fields fields) {
            ArrayNode messages = ChatMessages.read(fields);
            boolean addGenerationPrompt = fields.flag("add_generation_prompt", true);
            boolean continueFinalMessage = fields.flag("continue_final_message", false);
            if (addGenerationPrompt && continueFinalMessage) {
                throw ApiException.of(
                        ApiErrorCode.INVALID_VALUE,
                        "continue_final_message",
                        "`continue_final_message` is true, and so is `add_generation_prompt` (its default);"
                                + " set `add_generation_prompt` to false");
            }
            Map<String, JsonNode> variables = new LinkedHashMap<>();
            fields.object("chat_template_kwargs")
                    .ifPresent(
                            kwargs -> kwargs.json().properties().forEach(e -> variables.put(e.getKey(), e.getValue())));
            return new Conversation(
                    messages,
                    addGenerationPrompt,
                    continueFinalMessage,
                    fields.flag("add_special_tokens", false),
                    variables);
        }
    }

    /**
     * Reads and checks {@code body}.
     *
     * @throws ApiException naming the first field at fault
     */
    public static ChatRequest read(ObjectNode body) {
        Fields fields = new Fields(body);
        UnsupportedFields.checkChat(fields);
        return new ChatRequest(CommonFields.read(fields, OutputFields.readChat(fields)), Conversation.read(fields));
    }
}
