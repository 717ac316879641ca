package dev.reprise.tokenizer;

import java.util.Arrays;

/** A binary heap of longs, least first. Not thread-safe. */
final class LongHeap {
    private long[] values;
    private int size;

    LongHeap(int capacity) {
        values = new long[Math.max(1, capacity)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (values[parent] <= value) {
                break;
            }
            values[at] = values[parent];
            at = parent;
        }
        values[at] = value;
    }

    /** Removes and returns the least; the heap must not be empty. */
    long poll() {
        long least = values[0];
        long moved = values[--size];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && values[child + 1] < values[child]) {
                child++;
            }
            if (moved <= values[child]) {
                break;
            }
            values[at] = values[child];
            at = child;
        }
        values[at] = moved;
        return least;
    }
}
