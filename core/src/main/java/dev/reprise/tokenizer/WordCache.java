package dev.reprise.tokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Words and their tokens, so that a common word is merged once. Direct-mapped: a word has one slot, and a newer word
 * takes the slot of an older. Words longer than {@link #MAX_WORD_BYTES} are not kept, so the memory is at most
 * slots × {@link #MAX_ENTRY_BYTES}.
 *
 * <p>Any thread may call. A slot holds an immutable entry, published by release; a reader may miss an entry and then
 * merges the word itself, to the same tokens.
 */
final class WordCache {
    static final int MAX_WORD_BYTES = 48;
    /** Entry, word and as many tokens as bytes, with the headers of a 64-bit JVM. */
    static final int MAX_ENTRY_BYTES = 24 + 16 + MAX_WORD_BYTES + 16 + 4 * MAX_WORD_BYTES;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final AtomicReferenceArray<@Nullable Entry> slots;
    private final int mask;

    /** A cache of at most about {@code maxBytes}. */
    WordCache(long maxBytes) {
        long entries = Math.max(1, maxBytes / MAX_ENTRY_BYTES);
        int count = (int) Long.highestOneBit(Math.min(entries, 1 << 24));
        slots = new AtomicReferenceArray<>(count);
        mask = count - 1;
    }

    /** The tokens of {@code text[from, to)}; null when not known. The array must not be changed. */
    int @Nullable [] get(byte[] text, int from, int to, int hash) {
        Entry entry = slots.getAcquire(hash & mask);
        return entry != null && entry.hash == hash && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)
                ? entry.tokens
                : null;
    }

    void put(byte[] text, int from, int to, int hash, int[] tokens) {
        slots.setRelease(hash & mask, new Entry(Arrays.copyOfRange(text, from, to), tokens, hash));
    }

    static int hash(byte[] text, int from, int to) {
        long hash = (long) to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(text, at)) * MULTIPLIER;
            hash ^= hash >>> 32;
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = (rest << 8) | (text[at] & 0xFF);
        }
        hash = (hash ^ rest) * MULTIPLIER;
        return (int) (hash >>> 32);
    }

    private static final class Entry {
        private final byte[] word;
        private final int[] tokens;
        private final int hash;

        Entry(byte[] word, int[] tokens, int hash) {
            this.word = word;
            this.tokens = tokens;
            this.hash = hash;
        }
    }
}
