package dev.reprise.engine.local;

import dev.reprise.engine.EngineDescription;
import java.util.Set;

/**
 * What a {@link BatchingEngine} is told of itself.
 *
 * @param description what it says to others
 * @param batching how it batches
 * @param eosTokenIds tokens that end a sequence unless it ignores them
 */
public record EngineSetup(EngineDescription description, BatchOptions batching, Set<Integer> eosTokenIds) {
    /** Copies the set. */
    public EngineSetup {
        eosTokenIds = Set.copyOf(eosTokenIds);
    }

    TokenLimits limits() {
        long poolTokens = (long) description.totalBlocks() * description.blockSizeTokens();
        int maxTokens = (int) Math.min(description.maxModelTokens(), poolTokens);
        return new TokenLimits(description.vocabularySize(), maxTokens, eosTokenIds);
    }
}
