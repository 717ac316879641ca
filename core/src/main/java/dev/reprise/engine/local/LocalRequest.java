package dev.reprise.engine.local;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenSink;
import dev.reprise.identity.RequestId;
import dev.reprise.runtime.Checks;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A submitter's handle, and the sequence behind it. Setters write a field and put one update into the engine's inbox
 * unless one is there: however often they are called, a request takes one place. The owner reads the fields after it
 * took the update, so it never misses the latest value.
 */
final class LocalRequest implements RequestHandle {
    private final Sequence sequence;
    private final TokenSink sink;
    private final Consumer<LocalRequest> update;
    private final AtomicBoolean updating = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile int priority;
    private volatile boolean cancelled;
    private volatile boolean ended;

    /** @param update puts the handle into the engine's inbox */
    LocalRequest(EngineRequest request, TokenSink sink, Consumer<LocalRequest> update) {
        this.sequence = new Sequence(request, this);
        this.priority = request.priority();
        this.sink = sink;
        this.update = update;
    }

    @Override
    public RequestId id() {
        return sequence.request().id();
    }

    @Override
    public void cancel() {
        cancelled = true;
        changed();
    }

    @Override
    public void setPriority(int priority) {
        this.priority = priority;
        changed();
    }

    @Override
    public void acknowledge(int tokens) {
        Checks.check(tokens >= 0, "tokens must be at least 0, was %d", tokens);
        acknowledged.addAndGet(tokens);
        changed();
    }

    /** The request's state; for the owner alone. */
    Sequence sequence() {
        return sequence;
    }

    TokenSink sink() {
        return sink;
    }

    /** The owner took the update: later calls put in another. */
    void updateTaken() {
        updating.set(false);
    }

    boolean cancelled() {
        return cancelled;
    }

    int priority() {
        return priority;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** No update is of any use any more. */
    void ended() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    private void changed() {
        if (!ended && updating.compareAndSet(false, true)) {
            update.accept(this);
        }
    }
}
