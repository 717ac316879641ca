package dev.reprise.engine;

import dev.reprise.identity.EngineKind;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.Checks;
import java.util.Set;

/**
 * What a router needs to know of an engine before it sends anything.
 *
 * @param worker the engine's name in the cluster
 * @param kind which engine it is
 * @param model the model it serves
 * @param modelRevision names the weights, for the cache salt
 * @param capabilities what it can do beyond plain generation
 * @param blockSizeTokens tokens per KV block, ≥ 1
 * @param totalBlocks KV blocks in the engine's own memory, ≥ 1
 * @param maxModelTokens the longest prompt plus output, ≥ 2
 * @param vocabularySize token ids are below this, ≥ 1
 * @param fingerprint blocks are interchangeable only among equal fingerprints
 */
public record EngineDescription(
        WorkerId worker,
        EngineKind kind,
        ModelId model,
        String modelRevision,
        Set<EngineCapability> capabilities,
        int blockSizeTokens,
        int totalBlocks,
        int maxModelTokens,
        int vocabularySize,
        NumericFingerprint fingerprint) {
    /** Checks ranges, copies the set. */
    public EngineDescription {
        capabilities = Set.copyOf(capabilities);
        Checks.check(blockSizeTokens >= 1, "blockSizeTokens must be at least 1, was %d", blockSizeTokens);
        Checks.check(totalBlocks >= 1, "totalBlocks must be at least 1, was %d", totalBlocks);
        Checks.check(maxModelTokens >= 2, "maxModelTokens must be at least 2, was %d", maxModelTokens);
        Checks.check(vocabularySize >= 1, "vocabularySize must be at least 1, was %d", vocabularySize);
    }
}
