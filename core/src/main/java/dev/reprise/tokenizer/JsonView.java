package dev.reprise.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** A node of a tokenizer file that knows where it stands, so that every refusal can name the place. */
record JsonView(String file, String path, JsonNode node) {
    /** The member, which must be there and not null. */
    JsonView child(String name) {
        return optionalChild(name).orElseThrow(() -> malformed("member '" + name + "' is missing"));
    }

    /** The member; empty when absent or null. */
    Optional<JsonView> optionalChild(String name) {
        JsonNode member = requireObject().node.get(name);
        return member == null || member.isNull()
                ? Optional.empty()
                : Optional.of(new JsonView(file, path + "." + name, member));
    }

    /** The elements of this array. */
    List<JsonView> elements() {
        if (!node.isArray()) {
            throw malformed("expected an array, found " + kind());
        }
        List<JsonView> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(new JsonView(file, path + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    JsonView requireObject() {
        if (!node.isObject()) {
            throw malformed("expected an object, found " + kind());
        }
        return this;
    }

    String text() {
        if (!node.isString()) {
            throw malformed("expected a string, found " + kind());
        }
        return node.stringValue();
    }

    /** A token id: an integer from 0 to 2^24. */
    int tokenId() {
        if (!node.isInt() || node.intValue() < 0 || node.intValue() > Vocabulary.MAX_ID) {
            throw malformed("expected a token id from 0 to " + Vocabulary.MAX_ID + ", found " + brief());
        }
        return node.intValue();
    }

    boolean bool() {
        if (!node.isBoolean()) {
            throw malformed("expected true or false, found " + kind());
        }
        return node.booleanValue();
    }

    boolean bool(String name, boolean absent) {
        return optionalChild(name).map(JsonView::bool).orElse(absent);
    }

    /** The {@code type} member, by which components are told apart. */
    String type() {
        return child("type").text();
    }

    OptionalInt optionalTokenId(String name) {
        Optional<JsonView> member = optionalChild(name);
        return member.isPresent() ? OptionalInt.of(member.get().tokenId()) : OptionalInt.empty();
    }

    TokenizerFormatException malformed(String reason) {
        return new TokenizerFormatException("%s: %s: %s".formatted(file, path, reason));
    }

    UnsupportedTokenizerException unsupported(String feature) {
        return new UnsupportedTokenizerException("%s: %s: %s is not supported".formatted(file, path, feature));
    }

    private String kind() {
        return node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }

    private String brief() {
        String text = node.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
