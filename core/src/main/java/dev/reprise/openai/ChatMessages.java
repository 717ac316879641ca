package dev.reprise.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Checks messages and brings their content into the form that templates of the "string" kind expect. */
final class ChatMessages {
    private static final int MAX_MESSAGES = 100_000;
    private static final int MAX_ROLE_CHARACTERS = 64;

    private ChatMessages() {}

    static ArrayNode read(Fields fields) {
        JsonNode messages = fields.node("messages")
                .orElseThrow(() -> ApiException.of(
                        ApiErrorCode.MISSING_FIELD,
                        "messages",
                        "`messages` is missing; give an array such as [{\"role\": \"user\", \"content\": \"…\"}]"));
        if (!messages.isArray()) {
            throw Fields.wrongType("messages", "an array of messages", messages);
        }
        if (messages.isEmpty() || messages.size() > MAX_MESSAGES) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    "messages",
                    "`messages` must have 1 to %d items, has %d".formatted(MAX_MESSAGES, messages.size()));
        }
        ArrayNode normalised = JsonNodeFactory.instance.arrayNode(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            normalised.add(message(messages.get(i), "messages[" + i + "]"));
        }
        return normalised;
    }

    private static ObjectNode message(JsonNode node, String path) {
        if (!(node instanceof ObjectNode message)) {
            throw Fields.wrongType(path, "an object with `role` and `content`", node);
        }
        checkRole(message, path);
        @Nullable JsonNode toolCalls = message.get("tool_calls");
        if (toolCalls != null && !toolCalls.isEmpty()) {
            throw UnsupportedFields.notImplemented(path + ".tool_calls", "tool calls", toolCalls);
        }
        ObjectNode normalised = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : message.properties()) {
            if (!member.getKey().equals("content")) {
                normalised.set(member.getKey(), member.getValue());
            } else {
                normalised.put("content", content(member.getValue(), path + ".content"));
            }
        }
        if (!normalised.has("content")) {
            normalised.put("content", "");
        }
        return normalised;
    }

    private static void checkRole(ObjectNode message, String path) {
        Optional<JsonNode> role = Optional.ofNullable(message.get("role"));
        if (role.isEmpty()) {
            throw ApiException.of(
                    ApiErrorCode.MISSING_FIELD,
                    path + ".role",
                    "`%s.role` is missing; give \"system\", \"user\" or \"assistant\"".formatted(path));
        }
        if (!role.get().isString()) {
            throw Fields.wrongType(path + ".role", "a string", role.get());
        }
        int length = role.get().stringValue().length();
        if (length < 1 || length > MAX_ROLE_CHARACTERS) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    path + ".role",
                    "`%s.role` must have 1 to %d characters, has %d".formatted(path, MAX_ROLE_CHARACTERS, length));
        }
    }

    /** The text of a content: itself, or its text parts, each on a line of its own as vLLM joins them. */
    private static String content(JsonNode content, String path) {
        if (content.isNull()) {
            return "";
        }
        if (content.isString()) {
            return content.stringValue();
        }
        if (!content.isArray()) {
            throw Fields.wrongType(path, "a string or an array of parts", content);
        }
        List<String> texts = new ArrayList<>(content.size());
        for (int i = 0; i < content.size(); i++) {
            texts.add(part(content.get(i), path + "[" + i + "]"));
        }
        return String.join("\n", texts);
    }

    private static String part(JsonNode part, String path) {
        if (part.isString()) {
            return part.stringValue();
        }
        if (!part.isObject()) {
            throw Fields.wrongType(path, "an object with `type` and `text`", part);
        }
        @Nullable JsonNode type = part.get("type");
        if (type == null || !type.isString()) {
            throw ApiException.of(
                    ApiErrorCode.MISSING_FIELD,
                    path + ".type",
                    "`%s.type` is missing; give {\"type\": \"text\", \"text\": \"…\"}".formatted(path));
        }
        if (!type.stringValue().equals("text")) {
            throw UnsupportedFields.notImplemented(path + ".type", "content other than text", type);
        }
        @Nullable JsonNode text = part.get("text");
        if (text == null) {
            throw ApiException.of(ApiErrorCode.MISSING_FIELD, path + ".text", "`%s.text` is missing".formatted(path));
        }
        if (!text.isString()) {
            throw Fields.wrongType(path + ".text", "a string", text);
        }
        return text.stringValue();
    }
}
