package dev.reprise.engine;

/** What an engine can do beyond plain generation. */
public enum EngineCapability {
    /** Publishes KV events. */
    KV_EVENTS,
    /** Exports and imports KV blocks. */
    KV_TRANSFER,
    /** Returns log probabilities. */
    LOGPROBS
}
