package dev.reprise.app;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenSink;
import dev.reprise.router.Router;
import dev.reprise.server.Backend;
import java.util.List;

/** The router as the API server sees it. */
record RouterBackend(Router router) implements Backend {
    @Override
    public RequestHandle submit(EngineRequest request, TokenSink sink) {
        return router.submit(request, sink);
    }

    @Override
    public List<Worker> workers() {
        return router.workers().stream()
                .map(view -> new Worker(view.description(), view.health(), view.load()))
                .toList();
    }
}
