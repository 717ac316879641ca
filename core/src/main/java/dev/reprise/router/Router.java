package dev.reprise.router;

import dev.reprise.engine.Engine;
import dev.reprise.engine.EngineError;
import dev.reprise.engine.EngineErrorCode;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenEvent;
import dev.reprise.engine.TokenSink;
import dev.reprise.identity.RequestId;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.Checks;
import dev.reprise.runtime.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands each request to the worker that a {@link Selector} chooses.
 *
 * <p>The workers are an immutable set, replaced as a whole by {@link #setWorkers}; a submission sees the old set or the
 * new one. Running requests stay where they are. The router closes no engine. Any thread may call; nothing blocks.
 */
public final class Router {
    private final Selector selector;
    private final EventLoop loop;
    private volatile Map<WorkerId, Engine> workers = Map.of();

    /**
     * A router without workers.
     *
     * @param loop where sinks hear that there is no worker; the same as the engines'
     */
    public Router(Selector selector, EventLoop loop) {
        this.selector = selector;
        this.loop = loop;
    }

    /** Replaces the workers; their order is kept. Each needs its own worker id. */
    public void setWorkers(Collection<? extends Engine> engines) {
        Map<WorkerId, Engine> byId = new LinkedHashMap<>();
        for (Engine engine : engines) {
            WorkerId id = engine.description().worker();
            Checks.check(byId.put(id, engine) == null, "two workers are called %s", id);
        }
        workers = byId;
    }

    /** What a selector would see now. */
    public List<WorkerView> workers() {
        return views(workers);
    }

    /**
     * Hands the request over. Without a healthy worker the sink gets a failure with
     * {@link EngineErrorCode#OVERLOADED}, on the loop.
     *
     * @throws java.util.concurrent.RejectedExecutionException when not even a failure can be told: the sink is then
     *     never called
     */
    public RequestHandle submit(EngineRequest request, TokenSink sink) {
        Map<WorkerId, Engine> snapshot = workers;
        RoutingRequest routing = new RoutingRequest(
                request.id(),
                request.tenant(),
                request.prompt(),
                request.salt(),
                request.stop().maxTokens());
        return switch (selector.select(routing, views(snapshot))) {
            case Selection.Chosen(var id) -> chosen(snapshot, id).submit(request, sink);
            case Selection.NoWorker(var reason) -> refuse(request, sink, reason);
        };
    }

    private static Engine chosen(Map<WorkerId, Engine> snapshot, WorkerId id) {
        Engine engine = snapshot.get(id);
        if (engine == null) {
            throw new IllegalStateException(
                    "the selector chose %s, which is none of %s".formatted(id, snapshot.keySet()));
        }
        return engine;
    }

    private RequestHandle refuse(EngineRequest request, TokenSink sink, String reason) {
        EngineError error = new EngineError(
                EngineErrorCode.OVERLOADED, "no worker can take the request: " + reason + "; send it again later");
        loop.execute(() -> sink.onEvent(new TokenEvent.Failed(error)));
        return new EndedRequest(request.id());
    }

    private static List<WorkerView> views(Map<WorkerId, Engine> workers) {
        List<WorkerView> views = new ArrayList<>(workers.size());
        for (Engine engine : workers.values()) {
            views.add(new WorkerView(engine.description(), engine.health(), engine.load()));
        }
        return List.copyOf(views);
    }

    /** The handle of a request that never ran. */
    private record EndedRequest(RequestId id) implements RequestHandle {
        @Override
        public void cancel() {}

        @Override
        public void setPriority(int priority) {}

        @Override
        public void acknowledge(int tokens) {}
    }
}
