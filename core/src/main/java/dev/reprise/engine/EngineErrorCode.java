package dev.reprise.engine;

/** Why a request failed. */
public enum EngineErrorCode {
    /** The prompt alone or with its output exceeds what the engine can hold, ever. */
    TOO_LONG,
    /** A token id outside the vocabulary, or another argument the engine refuses. */
    INVALID_REQUEST,
    /** The engine's queue is full; another worker, or later, may do. */
    OVERLOADED,
    /** The deadline passed. */
    DEADLINE_EXCEEDED,
    /** A step failed; the engine may go on with others. */
    COMPUTE_FAILED,
    /** The engine is stopping or stopped. */
    SHUTDOWN
}
