package dev.reprise.engine.local;

import dev.reprise.identity.ModelId;
import dev.reprise.identity.WorkerId;
import java.util.Set;

/**
 * What an embedded engine cannot learn from its model runner.
 *
 * @param worker its name
 * @param model the name of the model it serves
 * @param modelRevision names the weights, for the cache salt
 * @param eosTokenIds tokens that end a sequence unless it ignores them
 * @param batching how it batches
 */
public record LocalEngineOptions(
        WorkerId worker, ModelId model, String modelRevision, Set<Integer> eosTokenIds, BatchOptions batching) {
    /** Copies the set. */
    public LocalEngineOptions {
        eosTokenIds = Set.copyOf(eosTokenIds);
    }
}
