package dev.reprise.tokenizer;

import java.util.Arrays;
import java.util.Map;

/** Byte-level byte-pair encoding of one piece of text. Immutable but for its cache; thread-safe. */
final class BpeModel {
    private static final long CACHE_BYTES = 16L << 20;
    private static final int NO_TOKEN = -1;

    private final MergeTable merges;
    private final int[] tokenOfByte;
    private final Map<Vocabulary.ByteKey, Integer> wholeWords;
    private final WordCache cache = new WordCache(CACHE_BYTES);

    /**
     * @param tokenOfByte the token of each byte, -1 where the vocabulary has none and the byte is dropped
     * @param wholeWords words to take as they stand before merging; empty unless the file says {@code ignore_merges}
     */
    BpeModel(MergeTable merges, int[] tokenOfByte, Map<Vocabulary.ByteKey, Integer> wholeWords) {
        this.merges = merges;
        this.tokenOfByte = tokenOfByte.clone();
        this.wholeWords = wholeWords;
    }

    /** Scratch for one thread's calls of {@link #encode}. */
    WordMerger newMerger() {
        return new WordMerger(merges);
    }

    /** Appends the tokens of {@code text[from, to)}. */
    void encode(byte[] text, int from, int to, WordMerger merger, TokenBuffer out) {
        if (to - from > WordCache.MAX_WORD_BYTES) {
            encodeUncached(text, from, to, merger, out);
            return;
        }
        int hash = WordCache.hash(text, from, to);
        int[] known = cache.get(text, from, to, hash);
        if (known != null) {
            out.addAll(known);
            return;
        }
        int start = out.size();
        encodeUncached(text, from, to, merger, out);
        cache.put(text, from, to, hash, out.copyFrom(start));
    }

    private void encodeUncached(byte[] text, int from, int to, WordMerger merger, TokenBuffer out) {
        if (!wholeWords.isEmpty()) {
            Integer whole = wholeWords.get(new Vocabulary.ByteKey(Arrays.copyOfRange(text, from, to)));
            if (whole != null) {
                out.add(whole);
                return;
            }
        }
        merger.start(to - from);
        for (int i = from; i < to; i++) {
            int token = tokenOfByte[text[i] & 0xFF];
            if (token != NO_TOKEN) {
                merger.add(token);
            }
        }
        merger.mergeInto(out);
    }
}
