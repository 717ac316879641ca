package dev.reprise.router;

import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.EngineHealth;
import dev.reprise.engine.EngineLoad;

/**
 * A worker as a selector sees it, at one moment.
 *
 * @param description what does not change
 * @param health whether it serves
 * @param load what it says of itself, at most one step old
 * @param openRequests requests that this router gave it and that have not ended, up to date
 */
public record WorkerView(EngineDescription description, EngineHealth health, EngineLoad load, int openRequests) {
    /** Whether it takes requests. */
    public boolean isHealthy() {
        return health instanceof EngineHealth.Healthy;
    }

    /** Live requests: its own count, which knows those of other routers, or this router's when that is ahead. */
    public int liveRequests() {
        return Math.max(openRequests, load.runningRequests() + load.waitingRequests());
    }
}
