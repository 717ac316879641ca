package dev.reprise.router;

import java.util.Comparator;
import java.util.List;

/**
 * The healthy worker with the fewest live requests; among equals the one with the fewest prompt tokens still to compute,
 * then the first by name.
 */
public final class LeastLoadedSelector implements Selector {
    private static final Comparator<WorkerView> BY_LOAD = Comparator.comparingInt(WorkerView::liveRequests)
            .thenComparingLong(worker -> worker.load().queuedPrefillTokens())
            .thenComparing(worker -> worker.description().worker().value());

    @Override
    public Selection select(RoutingRequest request, List<WorkerView> workers) {
        return workers.stream()
                .filter(WorkerView::isHealthy)
                .min(BY_LOAD)
                .<Selection>map(
                        worker -> new Selection.Chosen(worker.description().worker()))
                .orElseGet(() -> new Selection.NoWorker("none of %d workers is healthy".formatted(workers.size())));
    }
}
