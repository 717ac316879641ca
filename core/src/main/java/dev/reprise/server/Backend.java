package dev.reprise.server;

import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.EngineHealth;
import dev.reprise.engine.EngineLoad;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenSink;
import java.util.List;

/** What the server hands tokenized requests to: a router, or one engine. Callable from any thread; never blocks. */
public interface Backend {
    /** As {@link dev.reprise.engine.Engine#submit}: the outcome, refusals included, arrives at {@code sink}. */
    RequestHandle submit(EngineRequest request, TokenSink sink);

    /** The workers behind it, now. */
    List<Worker> workers();

    /** One worker's state at one moment. */
    record Worker(EngineDescription description, EngineHealth health, EngineLoad load) {
        /** Whether it can serve. */
        public boolean isHealthy() {
            return health instanceof EngineHealth.Healthy;
        }
    }
}
