package dev.reprise.server;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenEvent;
import dev.reprise.telemetry.Metric;
import dev.reprise.telemetry.MetricRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine requests of one HTTP request. Closing cancels all that still run, so that whatever ends the HTTP request
 * ends them. Used by the request's thread; the sinks run on engine loops and only put into the mailbox.
 */
final class EngineRequests implements AutoCloseable {
    private final Mailbox mailbox;
    private final MetricRegistry metrics;
    private final List<RequestHandle> handles = new ArrayList<>();

    EngineRequests(Mailbox mailbox, MetricRegistry metrics) {
        this.mailbox = mailbox;
        this.metrics = metrics;
    }

    /** Submits the next choice. */
    void submit(Backend backend, EngineRequest request) {
        int choice = handles.size();
        metrics.add(Metric.OPEN_ENGINE_REQUESTS, 1);
        boolean submitted = false;
        try {
            handles.add(backend.submit(request, event -> onEvent(choice, event)));
            submitted = true;
        } finally {
            if (!submitted) {
                metrics.add(Metric.OPEN_ENGINE_REQUESTS, -1);
            }
        }
    }

    void acknowledge(int choice, int tokens) {
        handles.get(choice).acknowledge(tokens);
    }

    void cancel(int choice) {
        handles.get(choice).cancel();
    }

    @Override
    public void close() {
        mailbox.close();
        handles.forEach(RequestHandle::cancel);
    }

    private void onEvent(int choice, TokenEvent event) {
        if (event instanceof TokenEvent.Finished || event instanceof TokenEvent.Failed) {
            metrics.add(Metric.OPEN_ENGINE_REQUESTS, -1);
        }
        mailbox.put(new Signal.Engine(choice, event));
    }
}
