package dev.reprise.kvcache;

import dev.reprise.engine.KvEvent;
import dev.reprise.engine.Tier;
import dev.reprise.runtime.Checks;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.SequenceHash;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which KV block: a state machine over block ids, which knows no bytes.
 *
 * <p>Problem: sequences with a common beginning shall share its blocks, and finished ones shall leave theirs behind for
 * others, without ever giving a sequence a block that holds something else.
 *
 * <p>Mechanism. Every block is in exactly one state: <i>free</i>; <i>private</i>, written by the one table that holds
 * it; or <i>cached</i>, full, never written again, held by any number of tables or by none. A table whose block became
 * full {@linkplain #commit commits} it. Cached blocks form a forest: a node is found by its 64-bit sequence hash and
 * confirmed by its token ids, its salt and the identity of its parent node, so two prefixes whose hashes collide are
 * never taken for each other; the later one is simply not cached. When two tables computed the same block at once, the
 * first one's stays and the second table is switched to it. So whoever holds a cached block holds all before it, blocks
 * without holders form the outer fringe of the forest, and evicting leaves first can free every one of them.
 *
 * <p>Invariants, see {@link #checkIntegrity}: free + cached + used = total, where <i>cached</i> counts cached blocks
 * without holders and <i>used</i> all that some table holds; a parent has at least as many holders as its child.
 *
 * <p>Mutations come in pairs, {@link #canPin}/{@link #pin} and {@link #canExtend}/{@link #extend}: the second may only
 * be called when the first says yes. Deterministic. One owner, no threads. At most one node per block, about
 * {@code 150 + 4 × blockSizeTokens} bytes each.
 */
public final class BlockPool {
    private final BlockPoolOptions options;
    private final SequenceHasher hasher;
    private final EvictionPolicy policy;
    private final Consumer<KvEvent> events;

    private final int[] free;
    private int freeCount;
    private final int[] holders;
    private final @Nullable CachedBlock[] cached;
    private final Map<SequenceHash, CachedBlock> byHash = new HashMap<>();
    private int idleCount;
    private long uses;
    private long changes;

    /**
     * All blocks free.
     *
     * @param hasher names blocks
     * @param policy which cached block goes first; used by this pool alone
     * @param events told of every change to the set of cached blocks, in order, from inside the call that makes it
     */
    public BlockPool(BlockPoolOptions options, SequenceHasher hasher, EvictionPolicy policy, Consumer<KvEvent> events) {
        this.options = options;
        this.hasher = hasher;
        this.policy = policy;
        this.events = events;
        this.holders = new int[options.totalBlocks()];
        this.cached = new @Nullable CachedBlock[options.totalBlocks()];
        this.free = new int[options.totalBlocks()];
        for (int id = options.totalBlocks() - 1; id >= 0; id--) {
            free[freeCount++] = id;
        }
    }

    /** The pool's shape. */
    public BlockPoolOptions options() {
        return options;
    }

    /** Blocks that hold nothing. */
    public int freeBlocks() {
        return freeCount;
    }

    /** Cached blocks without holders: reusable and evictable. */
    public int cachedBlocks() {
        return idleCount;
    }

    /** Blocks that tables hold. */
    public int usedBlocks() {
        return options.totalBlocks() - freeCount - idleCount;
    }

    /**
     * The longest run of leading full blocks of {@code prompt} that are held, leaving at least the last token to be
     * computed: its logits are what the prompt is run for.
     */
    public PrefixMatch match(TokenIds prompt, CacheSalt salt) {
        return match(prompt, salt, (prompt.size() - 1) / options.blockSizeTokens());
    }

    /** The longest run of leading full blocks of {@code tokens} that are held, all of them maybe. */
    public PrefixMatch matchAll(TokenIds tokens, CacheSalt salt) {
        return match(tokens, salt, tokens.size() / options.blockSizeTokens());
    }

    /** Whether, with the blocks of {@code match} held, {@code moreBlocks} more can be had. */
    public boolean canPin(PrefixMatch match, int moreBlocks) {
        checkFresh(match);
        int wake = 0;
        for (CachedBlock block : match.blocks()) {
            wake += holders[block.blockId()] == 0 ? 1 : 0;
        }
        return freeCount + idleCount - wake >= moreBlocks;
    }

    /** A new table that holds the blocks of {@code match}. */
    public BlockTable pin(PrefixMatch match) {
        checkFresh(match);
        for (CachedBlock block : match.blocks()) {
            hold(block);
        }
        return new BlockTable(match, options.prefixCaching());
    }

    /** Whether {@code blocks} (≥ 0) more blocks can be had. */
    public boolean canExtend(int blocks) {
        return freeCount + idleCount >= blocks;
    }

    /** Appends {@code blocks} (≥ 0) private blocks, evicting as many cached ones as needed. */
    public void extend(BlockTable table, int blocks) {
        checkOpen(table);
        Checks.check(canExtend(blocks), "%d blocks wanted, %d free, %d cached", blocks, freeCount, idleCount);
        for (int i = 0; i < blocks; i++) {
            int id = take();
            holders[id] = 1;
            table.append(id);
        }
    }

    /**
     * The first uncommitted block of {@code table} is full and holds the KV of {@code tokens}, exactly one block: it
     * may be reused from now on. The table's id for it may change to that of an equal block cached before.
     */
    public void commit(BlockTable table, TokenIds tokens) {
        checkOpen(table);
        Checks.check(tokens.size() == options.blockSizeTokens(), "commit of %d tokens", tokens.size());
        Checks.check(table.committed() < table.size(), "all %d blocks are committed", table.size());
        changes++;
        boolean lostParent = table.tail().isPresent() && !isCached(table.tail().get());
        if (!table.chained() || lostParent) {
            table.commitAlone();
            return;
        }
        SequenceHash hash = hasher.hash(table.salt(), table.tail().map(CachedBlock::hash), tokens);
        CachedBlock known = byHash.get(hash);
        if (known == null) {
            table.chain(store(table, hash, TokenIds.of(tokens.toArray())));
        } else if (known.continues(table.tail(), table.salt(), tokens)) {
            int own = table.get(table.committed());
            hold(known);
            table.chain(known);
            letGo(own);
        } else {
            table.commitAlone();
        }
    }

    /** Takes the table back, last block first. Its cached blocks stay findable; the table may not be used again. */
    public void release(BlockTable table) {
        checkOpen(table);
        for (int index = table.size() - 1; index >= 0; index--) {
            letGo(table.get(index));
        }
        table.close();
    }

    /** Forgets every cached block. Blocks that tables hold stay theirs, but are not found any more. */
    public void clear() {
        changes++;
        while (policy.size() > 0) {
            CachedBlock leaf = policy.evict();
            forgetIdle(leaf);
            giveBack(leaf.blockId());
        }
        Checks.check(idleCount == 0, "%d cached blocks without holders are left", idleCount);
        for (CachedBlock held : byHash.values()) {
            cached[held.blockId()] = null;
        }
        byHash.clear();
        events.accept(new KvEvent.AllBlocksCleared());
    }

    /** Every cached block as the event that announced it, parents before children. */
    public List<KvEvent.BlockStored> snapshot() {
        List<CachedBlock> blocks = new ArrayList<>(byHash.values());
        blocks.sort(Comparator.comparingInt(CachedBlock::depth).thenComparingInt(CachedBlock::blockId));
        List<KvEvent.BlockStored> stored = new ArrayList<>(blocks.size());
        for (CachedBlock block : blocks) {
            stored.add(stored(block));
        }
        return stored;
    }

    /**
     * Checks every invariant. O(total blocks).
     *
     * @throws dev.reprise.runtime.InvariantViolation naming the first that does not hold
     */
    public void checkIntegrity() {
        boolean[] isFree = new boolean[options.totalBlocks()];
        for (int i = 0; i < freeCount; i++) {
            Checks.check(!isFree[free[i]], "block %d is free twice", free[i]);
            isFree[free[i]] = true;
        }
        int[] children = new int[options.totalBlocks()];
        int idle = 0;
        int leaves = 0;
        int nodes = 0;
        for (int id = 0; id < options.totalBlocks(); id++) {
            CachedBlock block = cached[id];
            Checks.check(holders[id] >= 0, "block %d has %d holders", id, holders[id]);
            Checks.check(isFree[id] == (holders[id] == 0 && block == null), "block %d: free or not?", id);
            if (block != null) {
                checkNode(id, block);
                block.parent().ifPresent(parent -> children[parent.blockId()]++);
                nodes++;
                idle += holders[id] == 0 ? 1 : 0;
                leaves += isLeaf(block) ? 1 : 0;
            }
        }
        for (CachedBlock block : byHash.values()) {
            int counted = children[block.blockId()];
            Checks.check(block.children() == counted, "%s: %d children, not %d", block, counted, block.children());
        }
        Checks.check(nodes == byHash.size(), "%d cached blocks, %d findable", nodes, byHash.size());
        Checks.check(idle == idleCount, "%d cached blocks without holders, counted %d", idle, idleCount);
        Checks.check(leaves == policy.size(), "%d leaves, %d evictable", leaves, policy.size());
    }

    private void checkNode(int id, CachedBlock block) {
        Checks.check(block.blockId() == id, "%s stands at %d", block, id);
        Checks.check(isCached(block), "%s cannot be found", block);
        block.parent().ifPresent(parent -> {
            Checks.check(isCached(parent), "%s went before %s", parent, block);
            Checks.check(holders[parent.blockId()] >= holders[id], "%s has fewer holders than %s", parent, block);
        });
    }

    private PrefixMatch match(TokenIds tokens, CacheSalt salt, int maxBlocks) {
        List<CachedBlock> found = new ArrayList<>();
        Optional<CachedBlock> parent = Optional.empty();
        int blocks = byHash.isEmpty() ? 0 : maxBlocks;
        for (int i = 0; i < blocks; i++) {
            int from = i * options.blockSizeTokens();
            TokenIds block = tokens.slice(from, from + options.blockSizeTokens());
            CachedBlock known = byHash.get(hasher.hash(salt, parent.map(CachedBlock::hash), block));
            if (known == null || !known.continues(parent, salt, block)) {
                break;
            }
            found.add(known);
            parent = Optional.of(known);
        }
        return new PrefixMatch(salt, found, changes);
    }

    private CachedBlock store(BlockTable table, SequenceHash hash, TokenIds tokens) {
        int id = table.get(table.committed());
        CachedBlock block = new CachedBlock(id, hash, table.tail(), table.salt(), tokens);
        cached[id] = block;
        byHash.put(hash, block);
        block.parent().ifPresent(CachedBlock::addChild);
        events.accept(stored(block));
        return block;
    }

    private static KvEvent.BlockStored stored(CachedBlock block) {
        return new KvEvent.BlockStored(block.hash(), block.parent().map(CachedBlock::hash), block.tokens(), Tier.G1);
    }

    private void hold(CachedBlock block) {
        int id = block.blockId();
        if (holders[id] == 0) {
            if (isLeaf(block)) {
                policy.remove(block);
            }
            idleCount--;
        }
        holders[id]++;
        changes++;
    }

    private void letGo(int id) {
        Checks.check(holders[id] > 0, "block %d is let go and nobody holds it", id);
        holders[id]--;
        changes++;
        if (holders[id] > 0) {
            return;
        }
        CachedBlock block = cached[id];
        if (block == null) {
            giveBack(id);
            return;
        }
        block.touch(uses++);
        idleCount++;
        if (isLeaf(block)) {
            policy.add(block);
        }
    }

    private int take() {
        changes++;
        if (freeCount > 0) {
            return free[--freeCount];
        }
        CachedBlock leaf = policy.evict();
        forgetIdle(leaf);
        events.accept(new KvEvent.BlocksRemoved(List.of(leaf.hash()), Tier.G1));
        return leaf.blockId();
    }

    private void forgetIdle(CachedBlock leaf) {
        Checks.check(isLeaf(leaf), "%s is no leaf", leaf);
        byHash.remove(leaf.hash());
        cached[leaf.blockId()] = null;
        idleCount--;
        leaf.parent().ifPresent(parent -> {
            parent.removeChild();
            if (isLeaf(parent)) {
                policy.add(parent);
            }
        });
    }

    private void giveBack(int id) {
        free[freeCount++] = id;
    }

    private boolean isLeaf(CachedBlock block) {
        return holders[block.blockId()] == 0 && block.children() == 0;
    }

    @SuppressWarnings("ReferenceEquality") // a node of the tree, not a value
    private boolean isCached(CachedBlock block) {
        return byHash.get(block.hash()) == block;
    }

    private void checkFresh(PrefixMatch match) {
        Checks.check(match.change() == changes, "a match outlived a change of the pool");
    }

    private static void checkOpen(BlockTable table) {
        Checks.check(!table.released(), "a released table is used");
    }
}
