package dev.reprise.engine;

import dev.reprise.tokens.CacheSalt;
import java.util.List;

/**
 * Offers blocks to an engine.
 *
 * @param salt under which they shall be cached
 * @param fingerprint of the engine that computed them
 * @param layout of their bytes
 * @param blocks a chain, from the first block of a sequence
 */
public record KvImportRequest(
        CacheSalt salt, NumericFingerprint fingerprint, KvLayout layout, List<KvBlockData> blocks) {
    /** Copies the list. */
    public KvImportRequest {
        blocks = List.copyOf(blocks);
    }
}
