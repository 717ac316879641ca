package dev.reprise.kvcache;

import dev.reprise.tokens.CacheSalt;
import java.util.List;

/**
 * Leading blocks of a token sequence that a pool holds. Holds nothing itself: valid until the pool next changes.
 *
 * @param salt under which they were looked up
 * @param blocks first to last, maybe none
 * @param change the pool's change count at the look-up
 */
public record PrefixMatch(CacheSalt salt, List<CachedBlock> blocks, long change) {
    /** Copies the list. */
    public PrefixMatch {
        blocks = List.copyOf(blocks);
    }
}
