package dev.reprise.template;

import java.util.ArrayList;
import java.util.List;

/** A Python range. */
record RangeValue(long start, long stop, long step) {
    static final int MAX_SIZE = 100_000;

    int size() {
        long span = step > 0 ? stop - start : start - stop;
        long stride = Math.abs(step);
        return (int) Math.max(0, Math.min(MAX_SIZE + 1L, (span + stride - 1) / stride));
    }

    List<Object> items() {
        List<Object> items = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            items.add(start + i * step);
        }
        return items;
    }
}
