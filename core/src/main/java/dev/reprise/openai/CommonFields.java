package dev.reprise.openai;

import java.util.Optional;

/**
 * What chat and completion requests have in common.
 *
 * @param model the model's name; absent: the one that is served
 * @param sampling how tokens are chosen
 * @param stop when to end
 * @param output what is reported
 * @param stream how it is reported
 * @param priority lower runs first, as in vLLM
 * @param cacheSalt separates the request's cached blocks, not empty
 * @param requestId the client's name for the request
 */
public record CommonFields(
        Optional<String> model,
        SamplingFields sampling,
        StopFields stop,
        OutputFields output,
        StreamFields stream,
        int priority,
        Optional<String> cacheSalt,
        Optional<String> requestId) {
    private static final int MAX_SALT_CHARACTERS = 4_096;

    static CommonFields read(Fields fields, OutputFields output) {
        Optional<String> _ = fields.string("user");
        return new CommonFields(
                fields.string("model"),
                SamplingFields.read(fields),
                StopFields.read(fields),
                output,
                StreamFields.read(fields),
                fields.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(0),
                cacheSalt(fields),
                fields.string("request_id"));
    }

    private static Optional<String> cacheSalt(Fields fields) {
        Optional<String> salt = fields.string("cache_salt");
        int length = salt.map(String::length).orElse(1);
        if (length < 1 || length > MAX_SALT_CHARACTERS) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    "cache_salt",
                    "`cache_salt` must have 1 to %d characters, has %d; leave it out to share cached prefixes"
                            .formatted(MAX_SALT_CHARACTERS, length));
        }
        return salt;
    }
}
