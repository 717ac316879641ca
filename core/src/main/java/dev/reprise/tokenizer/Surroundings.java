package dev.reprise.tokenizer;

import java.util.Arrays;

/** The tokens that the post-processor puts around a text. */
@SuppressWarnings("ArrayRecordComponent")
record Surroundings(int[] before, int[] after) {
    static final Surroundings NONE = new Surroundings(new int[0], new int[0]);

    /** What {@code outer} puts around a text that this has surrounded. */
    Surroundings within(Surroundings outer) {
        return new Surroundings(concatenate(outer.before, before), concatenate(after, outer.after));
    }

    private static int[] concatenate(int[] first, int[] second) {
        int[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
