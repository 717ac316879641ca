package dev.reprise.openai;

import java.util.Optional;

/**
 * A failure as the client sees it.
 *
 * @param code what kind; decides status and type
 * @param message for people: the field, its value and the remedy
 * @param param the field of the request at fault, as a path such as {@code messages[1].content}
 */
public record ApiError(ApiErrorCode code, String message, Optional<String> param) {
    /** An error that no single field is to blame for. */
    public static ApiError of(ApiErrorCode code, String message) {
        return new ApiError(code, message, Optional.empty());
    }

    /** The body {@code {"error":{…}}}, as UTF-8. */
    public byte[] toJson() {
        return Json.write(out -> {
            out.writeStartObject();
            out.writeName("error");
            out.writeStartObject();
            out.writeStringProperty("message", message);
            out.writeStringProperty("type", code.type());
            if (param.isPresent()) {
                out.writeStringProperty("param", param.get());
            } else {
                out.writeNullProperty("param");
            }
            out.writeStringProperty("code", code.wireName());
            out.writeEndObject();
            out.writeEndObject();
        });
    }
}
