package dev.reprise.engine;

/**
 * A typed failure.
 *
 * @param code what kind
 * @param message for people: the field or part, its value, and the remedy
 */
public record EngineError(EngineErrorCode code, String message) {}
