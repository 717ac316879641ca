package dev.reprise.template;

import dev.reprise.runtime.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A chat template with what {@code transformers} does around one: members that are null are dropped from messages,
 * reasoning is offered under each of its names, tools choose the template named {@code tool_use} where there is one.
 */
final class JinjaChatTemplate implements ChatTemplate {
    private static final List<String> REASONING = List.of("reasoning_content", "thinking", "reasoning");

    private final Source plain;
    private final Optional<Source> forTools;
    private final Map<String, Object> specialTokens;
    private final Clock clock;

    /** A compiled template and its text, in which {@code continue_final_message} looks for the field. */
    record Source(String text, JinjaTemplate template) {
        static Source compile(String text) {
            return new Source(text, JinjaTemplate.compile(text));
        }
    }

    /** @param specialTokens from role, such as {@code bos_token}, to the token's text */
    JinjaChatTemplate(Source plain, Optional<Source> forTools, Map<String, String> specialTokens, Clock clock) {
        this.plain = plain;
        this.forTools = forTools;
        this.specialTokens = Map.copyOf(specialTokens);
        this.clock = clock;
    }

    @Override
    public String render(JsonNode messages, RenderOptions options) {
        if (!messages.isArray() || messages.isEmpty()) {
            throw TemplateErrors.evaluation("messages must be a list of at least one message");
        }
        if (options.addGenerationPrompt() && options.continueFinalMessage()) {
            throw TemplateErrors.evaluation(
                    "continue_final_message and add_generation_prompt cannot both be set: choose one");
        }
        List<Map<Object, Object>> chat = new ArrayList<>();
        for (JsonNode message : messages) {
            chat.add(message(message));
        }
        Source source = options.tools().isPresent() ? forTools.orElse(plain) : plain;
        Optional<FinalMessage> open = options.continueFinalMessage()
                ? Optional.of(FinalMessage.mark(chat.getLast(), source.text()))
                : Optional.empty();
        String rendered = source.template().render(variables(chat, options), clock);
        return open.isPresent() ? open.get().cut(rendered) : rendered;
    }

    private Map<String, Object> variables(List<Map<Object, Object>> chat, RenderOptions options) {
        Map<String, Object> variables = new LinkedHashMap<>(specialTokens);
        variables.put("documents", None.NONE);
        options.variables().forEach((name, value) -> variables.put(name, PythonJson.toValue(value)));
        variables.put(
                "messages",
                new ListValue(chat.stream().<Object>map(DictValue::new).toList()));
        variables.put("tools", options.tools().map(PythonJson::toValue).orElse(None.NONE));
        variables.put("add_generation_prompt", options.addGenerationPrompt());
        return variables;
    }

    private static Map<Object, Object> message(JsonNode node) {
        if (!(PythonJson.toValue(node) instanceof DictValue dict)) {
            throw TemplateErrors.evaluation("every message must be an object");
        }
        Map<Object, Object> members = new LinkedHashMap<>(dict.members());
        members.values().removeIf(None.NONE::equals);
        for (String name : REASONING) {
            Object reasoning = members.get(name);
            if (reasoning != null) {
                return withReasoning(members, reasoning);
            }
        }
        return members;
    }

    private static Map<Object, Object> withReasoning(Map<Object, Object> members, Object reasoning) {
        Map<Object, Object> all = new LinkedHashMap<>();
        all.put("thinking", reasoning);
        all.putAll(members);
        all.put("reasoning_content", reasoning);
        return all;
    }
}
