package dev.reprise.template;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a chat template sees beside the messages.
 *
 * @param addGenerationPrompt end with the opening of the assistant's turn
 * @param continueFinalMessage leave the last message open instead
 * @param tools the request's tools, a JSON array
 * @param variables {@code chat_template_kwargs} of the request
 */
public record RenderOptions(
        boolean addGenerationPrompt,
        boolean continueFinalMessage,
        Optional<JsonNode> tools,
        Map<String, JsonNode> variables) {
    /** A prompt for the assistant's next turn. */
    public static final RenderOptions GENERATION = new RenderOptions(true, false, Optional.empty(), Map.of());

    /** Copies the map. */
    public RenderOptions {
        variables = Map.copyOf(variables);
    }
}
