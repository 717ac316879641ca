package dev.reprise.tokenizer;

import dev.reprise.tokens.TokenIds;
import java.util.Arrays;

/** Token ids being gathered. Not thread-safe. */
final class TokenBuffer {
    private int[] ids = new int[64];
    private int size;

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
    }

    void addAll(int[] more) {
        if (size + more.length > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(size * 2, size + more.length));
        }
        System.arraycopy(more, 0, ids, size, more.length);
        size += more.length;
    }

    int size() {
        return size;
    }

    /** The ids from {@code from} on. */
    int[] copyFrom(int from) {
        return Arrays.copyOfRange(ids, from, size);
    }

    TokenIds toTokenIds() {
        return TokenIds.copyOf(ids, 0, size);
    }
}
