package dev.reprise.kvcache;

import dev.reprise.runtime.Checks;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * Least recently let go first. A sequence is let go from its tail, so its tail goes first and its beginning, which most
 * others may share, last. Holds at most one entry for each block; O(log blocks) each call.
 */
public final class LruEviction implements EvictionPolicy {
    private final TreeSet<CachedBlock> leaves = new TreeSet<>(Comparator.comparingLong(CachedBlock::lastUse));

    @Override
    public void add(CachedBlock leaf) {
        Checks.check(leaves.add(leaf), "%s is evictable already, or shares its last use", leaf);
    }

    @Override
    public void remove(CachedBlock leaf) {
        Checks.check(leaves.remove(leaf), "%s was not evictable", leaf);
    }

    @Override
    public CachedBlock evict() {
        Checks.check(!leaves.isEmpty(), "nothing to evict");
        return leaves.removeFirst();
    }

    @Override
    public int size() {
        return leaves.size();
    }
}
