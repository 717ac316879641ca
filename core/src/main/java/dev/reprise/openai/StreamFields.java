package dev.reprise.openai;

import java.util.Optional;

/**
 * Whether and how to stream.
 *
 * @param stream answer with server-sent events
 * @param includeUsage end with an event that has the usage
 * @param continuousUsage report the usage so far with every event
 */
public record StreamFields(boolean stream, boolean includeUsage, boolean continuousUsage) {
    static StreamFields read(Fields fields) {
        boolean stream = fields.flag("stream", false);
        Optional<Fields> options = fields.object("stream_options");
        if (options.isEmpty()) {
            return new StreamFields(stream, false, false);
        }
        if (!stream) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    "stream_options",
                    "`stream_options` can only be given with `stream` true; leave it out or set `stream`");
        }
        boolean includeUsage = options.get().flag("include_usage", false);
        boolean continuousUsage = options.get().flag("continuous_usage_stats", false);
        return new StreamFields(true, includeUsage, includeUsage && continuousUsage);
    }
}
