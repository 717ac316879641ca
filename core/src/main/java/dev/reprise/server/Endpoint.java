package dev.reprise.server;

import java.util.Optional;

/** What the server answers. */
enum Endpoint {
    CHAT_COMPLETIONS("/v1/chat/completions", "POST", true),
    COMPLETIONS("/v1/completions", "POST", true),
    MODELS("/v1/models", "GET", true),
    MODEL("/v1/models/", "GET", true),
    TOKENIZE("/tokenize", "POST", true),
    DETOKENIZE("/detokenize", "POST", true),
    LIVE("/live", "GET", false),
    READY("/ready", "GET", false),
    HEALTH("/health", "GET", false),
    METRICS("/metrics", "GET", false),
    VERSION("/version", "GET", false);

    private final String path;
    private final String method;
    private final boolean guarded;

    Endpoint(String path, String method, boolean guarded) {
        this.path = path;
        this.method = method;
        this.guarded = guarded;
    }

    static Optional<Endpoint> at(String path) {
        for (Endpoint endpoint : values()) {
            boolean matches = endpoint == MODEL
                    ? path.startsWith(MODEL.path) && path.length() > MODEL.path.length()
                    : path.equals(endpoint.path);
            if (matches) {
                return Optional.of(endpoint);
            }
        }
        return Optional.empty();
    }

    /** The path, or its beginning: also the label of metrics. */
    String path() {
        return path;
    }

    String method() {
        return method;
    }

    /** Whether a key is asked for; what orchestrators and collectors poll is open. */
    boolean guarded() {
        return guarded;
    }
}
