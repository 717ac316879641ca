package dev.reprise.server;

import dev.reprise.engine.EngineLoad;
import dev.reprise.router.WorkerView;
import dev.reprise.telemetry.Metric;
import dev.reprise.telemetry.MetricRegistry;
import java.util.List;

/** The workers' load as metrics, one snapshot for each exposition. */
final class WorkerGauges {
    private WorkerGauges() {}

    static void set(MetricRegistry metrics, List<WorkerView> workers, boolean ready) {
        metrics.set(Metric.READY, ready ? 1 : 0);
        for (WorkerView worker : workers) {
            String name = worker.description().worker().value();
            EngineLoad load = worker.load();
            metrics.set(Metric.WORKER_HEALTHY, worker.isHealthy() ? 1 : 0, name);
            metrics.set(Metric.WORKER_RUNNING_REQUESTS, load.runningRequests(), name);
            metrics.set(Metric.WORKER_WAITING_REQUESTS, load.waitingRequests(), name);
            metrics.set(Metric.WORKER_QUEUED_PREFILL_TOKENS, (double) load.queuedPrefillTokens(), name);
            metrics.set(Metric.WORKER_TOTAL_BLOCKS, load.totalBlocks(), name);
            metrics.set(Metric.WORKER_USED_BLOCKS, load.usedBlocks(), name);
            metrics.set(Metric.WORKER_CACHED_BLOCKS, load.cachedBlocks(), name);
            metrics.raise(Metric.WORKER_STEPS, (double) load.steps(), name);
            metrics.raise(Metric.WORKER_PREEMPTIONS, (double) load.preemptions(), name);
        }
    }
}
