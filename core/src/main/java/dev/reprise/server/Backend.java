package dev.reprise.server;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenSink;
import dev.reprise.router.Router;
import dev.reprise.router.WorkerView;
import java.util.List;

/** What the server hands tokenized requests to. Callable from any thread; never blocks. */
public interface Backend {
    /**
     * As {@link dev.reprise.engine.Engine#submit}: the outcome, refusals included, arrives at {@code sink}.
     *
     * @throws java.util.concurrent.RejectedExecutionException when not even a refusal can be told; the sink is then
     *     never called
     */
    RequestHandle submit(EngineRequest request, TokenSink sink);

    /** The workers behind it, now. */
    List<WorkerView> workers();

    /** The workers of {@code router}. */
    static Backend of(Router router) {
        return new Backend() {
            @Override
            public RequestHandle submit(EngineRequest request, TokenSink sink) {
                return router.submit(request, sink);
            }

            @Override
            public List<WorkerView> workers() {
                return router.workers();
            }
        };
    }
}
