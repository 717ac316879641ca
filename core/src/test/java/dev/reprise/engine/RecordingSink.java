package dev.reprise.engine;

import dev.reprise.runtime.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps a request's events, and what was wrong with their order or thread. Any thread may read. */
public final class RecordingSink implements TokenSink {
    private final EventLoop loop;
    private final List<TokenEvent> events = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    public RecordingSink(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public synchronized void onEvent(TokenEvent event) {
        if (!loop.inLoop()) {
            faults.add(event + " outside the loop");
        }
        if (end().isPresent()) {
            faults.add(event + " after " + end().get());
        }
        switch (event) {
            case TokenEvent.Started started when !events.isEmpty() -> faults.add(started + " came late");
            case TokenEvent.Generated generated when events.isEmpty() -> faults.add(generated + " before it started");
            case TokenEvent.Generated generated when generated.tokens().size() == 0 -> faults.add("generated nothing");
            default -> {}
        }
        events.add(event);
    }

    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    public synchronized List<TokenEvent> events() {
        return List.copyOf(events);
    }

    /** The last event, once the request ended. */
    public synchronized Optional<TokenEvent> end() {
        return events.isEmpty()
                ? Optional.empty()
                : Optional.of(events.getLast()).filter(RecordingSink::isEnd);
    }

    public synchronized boolean hasEnded() {
        return end().isPresent();
    }

    /** How it failed, if it did. */
    public Optional<EngineErrorCode> failure() {
        return end().filter(TokenEvent.Failed.class::isInstance)
                .map(end -> ((TokenEvent.Failed) end).error().code());
    }

    /** How it ended regularly, if it did. */
    public Optional<TokenEvent.Finished> finished() {
        return end().filter(TokenEvent.Finished.class::isInstance).map(TokenEvent.Finished.class::cast);
    }

    public synchronized int cachedTokens() {
        return ((TokenEvent.Started) events.getFirst()).cachedTokens();
    }

    public synchronized List<Integer> tokens() {
        List<Integer> tokens = new ArrayList<>();
        for (TokenEvent event : events) {
            if (event instanceof TokenEvent.Generated generated) {
                for (int id : generated.tokens().toArray()) {
                    tokens.add(id);
                }
            }
        }
        return tokens;
    }

    private static boolean isEnd(TokenEvent event) {
        return event instanceof TokenEvent.Finished || event instanceof TokenEvent.Failed;
    }
}
