package dev.reprise.engine;

/** Whether an engine can serve. */
public sealed interface EngineHealth {
    /** It takes requests. */
    record Healthy() implements EngineHealth {}

    /** It refuses every request until it is replaced. */
    record Unhealthy(String reason) implements EngineHealth {}
}
