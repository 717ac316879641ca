package dev.reprise.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tokens by id: how they are written, what bytes they stand for, which are special. Immutable, thread-safe. */
final class Vocabulary {
    /** Ids are at most this. */
    static final int MAX_ID = 1 << 24;

    private final @Nullable String[] texts;
    private final byte[] @Nullable [] bytes;
    private final BitSet special;

    /** @param added tokens that the model does not know, or knows too: id and text */
    Vocabulary(Map<String, Integer> model, Map<String, Integer> added, BitSet special) {
        int size = 0;
        for (int id : model.values()) {
            size = Math.max(size, id + 1);
        }
        for (int id : added.values()) {
            size = Math.max(size, id + 1);
        }
        texts = new String[size];
        bytes = new byte[size][];
        model.forEach(this::set);
        added.forEach(this::set);
        this.special = (BitSet) special.clone();
    }

    private void set(String text, int id) {
        texts[id] = text;
        byte[] written = ByteAlphabet.bytesOf(text);
        bytes[id] = written == null ? text.getBytes(StandardCharsets.UTF_8) : written;
    }

    int size() {
        return texts.length;
    }

    boolean isSpecial(int id) {
        return special.get(id);
    }

    /** The token as the file writes it; empty for an id without a token. */
    Optional<String> text(int id) {
        return id < 0 || id >= texts.length ? Optional.empty() : Optional.ofNullable(texts[id]);
    }

    /** What the token stands for; null for an id without a token. The array must not be changed. */
    byte @Nullable [] bytes(int id) {
        return id < 0 || id >= bytes.length ? null : bytes[id];
    }

    /** Words that are tokens as they stand, for models that look there before they merge. */
    static Map<ByteKey, Integer> wordsOf(Map<String, Integer> model) {
        Map<ByteKey, Integer> words = new HashMap<>(model.size() * 2);
        model.forEach((text, id) -> {
            byte[] written = ByteAlphabet.bytesOf(text);
            if (written != null) {
                words.put(new ByteKey(written), id);
            }
        });
        return words;
    }

    /** Bytes as a map key. */
    static final class ByteKey {
        private final byte[] bytes;

        ByteKey(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ByteKey that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
