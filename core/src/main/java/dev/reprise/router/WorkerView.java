package dev.reprise.router;

import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.EngineHealth;
import dev.reprise.engine.EngineLoad;

/**
 * A worker as a selector sees it, at one moment.
 *
 * @param description what does not change
 * @param health whether it serves
 * @param load at most one step old
 */
public record WorkerView(EngineDescription description, EngineHealth health, EngineLoad load) {
    /** Whether it takes requests. */
    public boolean isHealthy() {
        return health instanceof EngineHealth.Healthy;
    }
}
