package dev.reprise.tokenizer;

import java.util.Arrays;

/**
 * Applies merges to one word: always the one of lowest rank, the leftmost of several. Short words by looking over all
 * neighbours after each merge, which is fastest while they fit a cache line or two; long ones by a heap over a linked
 * list, so that time grows as n log n. Scratch memory is kept from word to word; not thread-safe.
 */
final class WordMerger {
    private static final int LONG_WORD = 48;

    private final MergeTable table;
    private int[] tokens = new int[LONG_WORD];
    private long[] merges = new long[LONG_WORD];
    private int[] previous = new int[0];
    private int[] next = new int[0];
    private int size;
    private long steps;

    WordMerger(MergeTable table) {
        this.table = table;
    }

    /** Starts a word of at most {@code capacity} tokens. */
    void start(int capacity) {
        if (tokens.length < capacity) {
            tokens = new int[capacity];
            merges = new long[capacity];
        }
        size = 0;
    }

    void add(int token) {
        tokens[size++] = token;
    }

    /** Merges the word and appends its tokens to {@code out}. */
    void mergeInto(TokenBuffer out) {
        if (size > LONG_WORD) {
            mergeLong();
        } else if (size > 1) {
            mergeShort();
        }
        for (int i = 0; i < size; i++) {
            out.add(tokens[i]);
        }
    }

    /** Elementary steps so far, for the proof that time does not grow with the square of a word's length. */
    long steps() {
        return steps;
    }

    private void mergeShort() {
        int last = size - 1;
        for (int i = 0; i < last; i++) {
            merges[i] = table.get(tokens[i], tokens[i + 1]);
        }
        while (last > 0) {
            int best = indexOfLowest(last);
            long merge = merges[best];
            if (merge == MergeTable.NONE) {
                break;
            }
            steps += last;
            tokens[best] = MergeTable.resultOf(merge);
            System.arraycopy(tokens, best + 2, tokens, best + 1, last - best - 1);
            if (best + 1 < last) {
                System.arraycopy(merges, best + 2, merges, best + 1, last - best - 2);
            }
            last--;
            if (best < last) {
                merges[best] = table.get(tokens[best], tokens[best + 1]);
            }
            if (best > 0) {
                merges[best - 1] = table.get(tokens[best - 1], tokens[best]);
            }
        }
        size = last + 1;
    }

    private int indexOfLowest(int count) {
        int best = 0;
        long lowest = merges[0];
        for (int i = 1; i < count; i++) {
            if (merges[i] >>> 32 < lowest >>> 32) {
                lowest = merges[i];
                best = i;
            }
        }
        return best;
    }

    private void mergeLong() {
        link();
        LongHeap heap = new LongHeap(size);
        for (int i = 0; i + 1 < size; i++) {
            offer(heap, i);
        }
        while (!heap.isEmpty()) {
            long candidate = heap.poll();
            steps++;
            int at = (int) candidate;
            long merge = merges[at];
            if (merge == MergeTable.NONE || merge >>> 32 != candidate >>> 32) {
                continue;
            }
            int removed = next[at];
            tokens[at] = MergeTable.resultOf(merge);
            merges[removed] = MergeTable.NONE;
            next[at] = next[removed];
            if (next[at] < size) {
                previous[next[at]] = at;
            }
            offer(heap, at);
            if (previous[at] >= 0) {
                offer(heap, previous[at]);
            }
        }
        compact();
    }

    private void link() {
        if (next.length < size) {
            previous = new int[size];
            next = new int[size];
        }
        for (int i = 0; i < size; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        Arrays.fill(merges, 0, size, MergeTable.NONE);
    }

    private void offer(LongHeap heap, int at) {
        int right = next[at];
        long merge = right < size ? table.get(tokens[at], tokens[right]) : MergeTable.NONE;
        merges[at] = merge;
        if (merge != MergeTable.NONE) {
            heap.add(((merge >>> 32) << 32) | at);
        }
    }

    private void compact() {
        int kept = 0;
        for (int i = 0; i < size; i = next[i]) {
            tokens[kept++] = tokens[i];
        }
        size = kept;
    }
}
