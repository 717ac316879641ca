package dev.reprise.tokens;

import java.util.Arrays;

/**
 * An immutable sequence of token ids, each ≥ 0.
 *
 * <p>Slices share the array. Equality compares the ids.
 */
public final class TokenIds {
    private static final TokenIds EMPTY = new TokenIds(new int[0], 0, 0);

    private final int[] ids;
    private final int start;
    private final int size;

    private TokenIds(int[] ids, int start, int size) {
        this.ids = ids;
        this.start = start;
        this.size = size;
    }

    /** No tokens. */
    public static TokenIds empty() {
        return EMPTY;
    }

    /** A copy of {@code ids}. */
    public static TokenIds of(int... ids) {
        return copyOf(ids, 0, ids.length);
    }

    /** A copy of {@code ids[from, to)}. */
    public static TokenIds copyOf(int[] ids, int from, int to) {
        int[] copy = Arrays.copyOfRange(ids, from, to);
        for (int i = 0; i < copy.length; i++) {
            if (copy[i] < 0) {
                throw new IllegalArgumentException("token id at index %d must be ≥ 0, was %d".formatted(i, copy[i]));
            }
        }
        return new TokenIds(copy, 0, copy.length);
    }

    /** How many tokens. */
    public int size() {
        return size;
    }

    /** The id at {@code index}, 0 ≤ index < size. */
    public int get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("token index %d, size %d".formatted(index, size));
        }
        return ids[start + index];
    }

    /** The tokens [from, to), sharing the memory of this sequence. */
    public TokenIds slice(int from, int to) {
        if (from < 0 || to < from || to > size) {
            throw new IndexOutOfBoundsException("slice [%d, %d) of %d tokens".formatted(from, to, size));
        }
        return new TokenIds(ids, start + from, to - from);
    }

    /** A new array with the ids. */
    public int[] toArray() {
        return Arrays.copyOfRange(ids, start, start + size);
    }

    /** Copies the ids [from, from + count) to {@code target[targetStart…]}. */
    public void copyTo(int from, int[] target, int targetStart, int count) {
        System.arraycopy(ids, start + from, target, targetStart, count);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenIds that
                && Arrays.equals(ids, start, start + size, that.ids, that.start, that.start + that.size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = start; i < start + size; i++) {
            hash = 31 * hash + ids[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return size <= 16 ? Arrays.toString(toArray()) : "[" + ids[start] + ", … " + size + " tokens]";
    }
}
