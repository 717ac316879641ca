package dev.reprise.kvcache;

import dev.reprise.runtime.Checks;
import dev.reprise.tokens.CacheSalt;
import java.util.Arrays;
import java.util.Optional;

/**
 * The blocks of one sequence by position, each held by a reference. Made, changed and taken back by its
 * {@link BlockPool}; same owner.
 *
 * <p>Blocks [0, committed) are full, and while the table is chained they are cached; the rest belong to this table
 * alone and may be written.
 */
public final class BlockTable {
    private final CacheSalt salt;
    private int[] ids;
    private int size;
    private int committed;
    private Optional<CachedBlock> tail = Optional.empty();
    private boolean chained;
    private boolean released;

    BlockTable(PrefixMatch match, boolean chained) {
        this.salt = match.salt();
        this.ids = new int[Math.max(4, match.blocks().size())];
        this.chained = chained;
        for (CachedBlock block : match.blocks()) {
            ids[size++] = block.blockId();
            tail = Optional.of(block);
        }
        this.committed = size;
    }

    /** How many blocks. */
    public int size() {
        return size;
    }

    /** How many leading blocks are full and committed. */
    public int committed() {
        return committed;
    }

    /** The block at {@code index}, 0 ≤ index < size. */
    public int get(int index) {
        Checks.check(index >= 0 && index < size, "block index %d of %d", index, size);
        return ids[index];
    }

    /** A new array of the block ids. */
    public int[] toArray() {
        return Arrays.copyOf(ids, size);
    }

    CacheSalt salt() {
        return salt;
    }

    Optional<CachedBlock> tail() {
        return tail;
    }

    boolean chained() {
        return chained;
    }

    boolean released() {
        return released;
    }

    void append(int blockId) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = blockId;
    }

    /** The next committed block is {@code block}, which may lie elsewhere than the one that was written. */
    void chain(CachedBlock block) {
        ids[committed++] = block.blockId();
        tail = Optional.of(block);
    }

    /** The next committed block, and all after it, stay this table's alone. */
    void commitAlone() {
        committed++;
        chained = false;
        tail = Optional.empty();
    }

    void close() {
        size = 0;
        committed = 0;
        tail = Optional.empty();
        released = true;
    }
}
