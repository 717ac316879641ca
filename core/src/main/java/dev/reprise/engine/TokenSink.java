package dev.reprise.engine;

/** Receives a request's events on the engine's event loop. Must return at once: it hands the event on. */
@FunctionalInterface
public interface TokenSink {
    /** Takes the next event; {@link TokenEvent.Finished} or {@link TokenEvent.Failed} is the last. */
    void onEvent(TokenEvent event);
}
