package dev.reprise.kvcache;

/**
 * Orders the blocks that may be evicted. The pool offers only leaves: blocks that no request holds and that no cached
 * block continues, so that whatever the policy says, a block never goes before one that needs it. Same owner as the pool.
 */
public interface EvictionPolicy {
    /** {@code leaf} may be evicted from now on. */
    void add(CachedBlock leaf);

    /** {@code leaf}, added before, may not be evicted any more. */
    void remove(CachedBlock leaf);

    /** Takes out the leaf to evict now. Called only when there is one. */
    CachedBlock evict();

    /** How many leaves may be evicted. */
    int size();
}
