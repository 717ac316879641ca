package dev.reprise.tokenizer;

/**
 * From a pair of neighbouring tokens to the rank and result of its merge. Open addressing over packed pairs, at most
 * half full: one or two cache lines for a look-up. Immutable once filled.
 */
final class MergeTable {
    /** No merge; larger than every packed merge, so that the smallest packed merge is the next to apply. */
    static final long NONE = Long.MAX_VALUE;

    private static final long EMPTY = -1L;

    private final long[] pairs;
    private final long[] merges;
    private final int mask;

    MergeTable(int capacity) {
        int slots = Math.max(16, Integer.highestOneBit(Math.max(1, capacity)) * 4);
        pairs = new long[slots];
        merges = new long[slots];
        java.util.Arrays.fill(pairs, EMPTY);
        mask = slots - 1;
    }

    /** Of two merges of one pair the later counts, as in the reference. */
    void put(int left, int right, int rank, int result) {
        long pair = pack(left, right);
        int slot = slot(pair);
        while (pairs[slot] != EMPTY && pairs[slot] != pair) {
            slot = (slot + 1) & mask;
        }
        pairs[slot] = pair;
        merges[slot] = pack(rank, result);
    }

    /** Rank in the high half, resulting token in the low one; {@link #NONE} when the pair does not merge. */
    long get(int left, int right) {
        long pair = pack(left, right);
        int slot = slot(pair);
        while (true) {
            long found = pairs[slot];
            if (found == pair) {
                return merges[slot];
            }
            if (found == EMPTY) {
                return NONE;
            }
            slot = (slot + 1) & mask;
        }
    }

    static int resultOf(long merge) {
        return (int) merge;
    }

    private static long pack(int high, int low) {
        return ((long) high << 32) | low;
    }

    private int slot(long pair) {
        long mixed = pair * 0x9E3779B97F4A7C15L;
        return (int) ((mixed >>> 32) ^ (mixed >>> 48)) & mask;
    }
}
