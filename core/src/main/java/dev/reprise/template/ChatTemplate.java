package dev.reprise.template;

import tools.jackson.databind.JsonNode;

/** A compiled chat template. Immutable, thread-safe. */
public interface ChatTemplate {
    /**
     * Renders a conversation.
     *
     * @param messages a JSON array of messages, as the client sent them, member order kept
     * @param options what else the template sees
     * @throws TemplateException when the template raises, or uses what is not supported
     */
    String render(JsonNode messages, RenderOptions options);
}
