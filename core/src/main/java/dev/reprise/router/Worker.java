package dev.reprise.router;

import dev.reprise.engine.Engine;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenEvent;
import dev.reprise.engine.TokenSink;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine and how many of this router's requests it has. Any thread. */
final class Worker {
    private final Engine engine;
    private final AtomicInteger openRequests = new AtomicInteger();

    Worker(Engine engine) {
        this.engine = engine;
    }

    Engine engine() {
        return engine;
    }

    WorkerView view() {
        return new WorkerView(engine.description(), engine.health(), engine.load(), openRequests.get());
    }

    /** Counts a request that {@link #submit} will hand over. */
    void credit() {
        openRequests.incrementAndGet();
    }

    /** Hands a credited request over; the credit ends with it. */
    RequestHandle submit(EngineRequest request, TokenSink sink) {
        try {
            return engine.submit(request, event -> {
                if (event instanceof TokenEvent.Finished || event instanceof TokenEvent.Failed) {
                    openRequests.decrementAndGet();
                }
                sink.onEvent(event);
            });
        } catch (RuntimeException | Error e) {
            // Nothing was accepted; a credit that stayed would keep requests away from this worker for ever.
            openRequests.decrementAndGet();
            throw e;
        }
    }
}
