package dev.reprise.openai;

import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * A model as {@code /v1/models} lists it.
 *
 * @param id the name that requests use
 * @param createdSeconds when it was loaded, seconds since 1970
 * @param root where its files came from
 * @param maxModelTokens the longest prompt plus output
 */
public record ModelCard(String id, long createdSeconds, String root, int maxModelTokens) {
    /** The body of {@code GET /v1/models}. */
    public static byte[] list(List<ModelCard> cards) {
        return Json.write(out -> {
            out.writeStartObject();
            out.writeStringProperty("object", "list");
            out.writeArrayPropertyStart("data");
            cards.forEach(card -> card.writeTo(out));
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** The body of {@code GET /v1/models/ID}. */
    public byte[] toJson() {
        return Json.write(this::writeTo);
    }

    private void writeTo(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("id", id);
        out.writeStringProperty("object", "model");
        out.writeNumberProperty("created", createdSeconds);
        out.writeStringProperty("owned_by", "reprise");
        out.writeStringProperty("root", root);
        out.writeNullProperty("parent");
        out.writeNumberProperty("max_model_len", maxModelTokens);
        out.writeArrayPropertyStart("permission");
        permission(out);
        out.writeEndArray();
        out.writeEndObject();
    }

    private void permission(JsonGenerator out) {
        out.writeStartObject();
        out.writeStringProperty("id", "modelperm-" + Integer.toHexString(id.hashCode()));
        out.writeStringProperty("object", "model_permission");
        out.writeNumberProperty("created", createdSeconds);
        out.writeBooleanProperty("allow_create_engine", false);
        out.writeBooleanProperty("allow_sampling", true);
        out.writeBooleanProperty("allow_logprobs", true);
        out.writeBooleanProperty("allow_search_indices", false);
        out.writeBooleanProperty("allow_view", true);
        out.writeBooleanProperty("allow_fine_tuning", false);
        out.writeStringProperty("organization", "*");
        out.writeNullProperty("group");
        out.writeBooleanProperty("is_blocking", false);
        out.writeEndObject();
    }
}
