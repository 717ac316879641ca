package dev.reprise.openai;

import tools.jackson.databind.JsonNode;

/** How errors speak of values. */
public final class Values {
    private static final int SHOWN_CHARACTERS = 60;

    private Values() {}

    /** The JSON type of {@code node}, with an article. */
    static String typeName(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }

    /** The value, short enough for a message. */
    static String show(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT, ARRAY -> "%s of %d".formatted(typeName(node), node.size());
            case STRING -> "\"" + abbreviate(node.stringValue(), SHOWN_CHARACTERS) + "\"";
            case NUMBER, BOOLEAN, NULL -> abbreviate(node.toString(), SHOWN_CHARACTERS);
            case BINARY, MISSING, POJO -> "nothing";
        };
    }

    /** At most {@code limit} characters of {@code text}, never half a surrogate pair. */
    public static String abbreviate(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
        return text.substring(0, end) + "…";
    }
}
