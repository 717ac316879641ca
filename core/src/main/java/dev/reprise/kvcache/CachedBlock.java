package dev.reprise.kvcache;

import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.SequenceHash;
import dev.reprise.tokens.TokenIds;
import java.util.Optional;

/**
 * A full block that can be found again: a node of the tree of prefixes. Confined to the owner of its {@link BlockPool},
 * which alone changes it.
 */
public final class CachedBlock {
    private final int blockId;
    private final SequenceHash hash;
    private final Optional<CachedBlock> parent;
    private final CacheSalt salt;
    private final TokenIds tokens;
    private final int depth;
    private int children;
    private long lastUse;

    CachedBlock(int blockId, SequenceHash hash, Optional<CachedBlock> parent, CacheSalt salt, TokenIds tokens) {
        this.blockId = blockId;
        this.hash = hash;
        this.parent = parent;
        this.salt = salt;
        this.tokens = tokens;
        this.depth = parent.map(block -> block.depth + 1).orElse(0);
    }

    /** Where it lies in the pool. */
    public int blockId() {
        return blockId;
    }

    /** Its identity, for finding. */
    public SequenceHash hash() {
        return hash;
    }

    /** The block before it, cached as well. */
    public Optional<CachedBlock> parent() {
        return parent;
    }

    /** The ids of its tokens. */
    public TokenIds tokens() {
        return tokens;
    }

    /** How many blocks lie before it. */
    public int depth() {
        return depth;
    }

    /** When it was last let go: grows by one with every release of a block in its pool. */
    public long lastUse() {
        return lastUse;
    }

    /** Cached blocks that continue it. */
    int children() {
        return children;
    }

    void addChild() {
        children++;
    }

    void removeChild() {
        children--;
    }

    void touch(long use) {
        lastUse = use;
    }

    /** Whether it is this very continuation: the same tokens under the same salt after the same blocks. */
    @SuppressWarnings("ReferenceEquality") // a parent is a node of the tree, not a value
    boolean continues(Optional<CachedBlock> before, CacheSalt sameSalt, TokenIds sameTokens) {
        boolean sameParent = parent.isPresent()
                ? before.isPresent() && parent.get() == before.get()
                : before.isEmpty() && salt.equals(sameSalt);
        return sameParent && tokens.equals(sameTokens);
    }

    @Override
    public String toString() {
        return "block %d (%s, depth %d)".formatted(blockId, hash, depth);
    }
}
