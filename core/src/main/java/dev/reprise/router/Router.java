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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands each request to the worker that a {@link Selector} chooses.
 *
 * <p>Choosing and counting the request for the chosen worker is one action, so that requests which come at once see each
 * other. The workers are an immutable set, replaced as a whole by {@link #setWorkers}; running requests stay where they
 * are. The router closes no engine. Any thread may call; nothing blocks. The lock is held for the selector's pure
 * function alone and no other is taken under it.
 */
public final class Router {
    private final Selector selector;
    private final EventLoop loop;
    private final ReentrantLock choosing = new ReentrantLock();
    private volatile Map<WorkerId, Worker> workers = Map.of();

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
        Map<WorkerId, Worker> old = workers;
        Map<WorkerId, Worker> next = new LinkedHashMap<>();
        for (Engine engine : engines) {
            WorkerId id = engine.description().worker();
            Worker known = old.get(id);
            Worker worker = known != null && known.engine().equals(engine) ? known : new Worker(engine);
            Checks.check(next.put(id, worker) == null, "two workers are called %s", id);
        }
        workers = next;
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
        Map<WorkerId, Worker> snapshot = workers;
        return switch (choose(request, snapshot)) {
            case Selection.Chosen(var id) -> worker(snapshot, id).submit(request, sink);
            case Selection.NoWorker(var reason) -> refuse(request, sink, reason);
        };
    }

    private Selection choose(EngineRequest request, Map<WorkerId, Worker> snapshot) {
        RoutingRequest routing = new RoutingRequest(
                request.id(),
                request.tenant(),
                request.prompt(),
                request.salt(),
                request.stop().maxTokens());
        choosing.lock();
        try {
            Selection selection = selector.select(routing, views(snapshot));
            if (selection instanceof Selection.Chosen chosen) {
                worker(snapshot, chosen.worker()).credit();
            }
            return selection;
        } finally {
            choosing.unlock();
        }
    }

    private static Worker worker(Map<WorkerId, Worker> snapshot, WorkerId id) {
        Worker worker = snapshot.get(id);
        if (worker == null) {
            throw new IllegalStateException(
                    "the selector chose %s, which is none of %s".formatted(id, snapshot.keySet()));
        }
        return worker;
    }

    private RequestHandle refuse(EngineRequest request, TokenSink sink, String reason) {
        EngineError error = new EngineError(
                EngineErrorCode.OVERLOADED, "no worker can take the request: " + reason + "; send it again later");
        loop.execute(() -> sink.onEvent(new TokenEvent.Failed(error)));
        return new EndedRequest(request.id());
    }

    private static List<WorkerView> views(Map<WorkerId, Worker> workers) {
        return workers.values().stream().map(Worker::view).toList();
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
