package dev.reprise.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The step that turns text into bytes. Ours are bytes already, so what remains of it: a space before the text where
 * asked for, GPT-2's pattern where asked for, and, when other steps follow that must see them, the characters by which
 * byte-level vocabularies write bytes.
 */
record ByteLevelPreTokenizer(boolean addPrefixSpace, Optional<SplitPattern> pattern, boolean writesAlphabet)
        implements PreTokenizer {
    @Override
    public void split(byte[] text, int from, int to, PieceSink next) {
        PieceSink sink = writesAlphabet ? (piece, start, end) -> sendWritten(piece, start, end, next) : next;
        if (addPrefixSpace && text[from] != ' ') {
            byte[] prefixed = new byte[to - from + 1];
            prefixed[0] = ' ';
            System.arraycopy(text, from, prefixed, 1, to - from);
            cut(prefixed, 0, prefixed.length, sink);
        } else {
            cut(text, from, to, sink);
        }
    }

    private void cut(byte[] text, int from, int to, PieceSink sink) {
        if (pattern.isPresent()) {
            new SplitPreTokenizer(pattern.get(), SplitBehavior.ISOLATED, false).split(text, from, to, sink);
        } else {
            sink.accept(text, from, to);
        }
    }

    private static void sendWritten(byte[] piece, int from, int to, PieceSink next) {
        StringBuilder written = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            written.append(ByteAlphabet.characterOf(piece[i] & 0xFF));
        }
        byte[] bytes = written.toString().getBytes(StandardCharsets.UTF_8);
        next.accept(bytes, 0, bytes.length);
    }

    /** The bytes that the characters of {@code piece} write, sent on: the inverse of {@link #writesAlphabet}. */
    static PieceSink readingAlphabet(PieceSink next) {
        return (piece, from, to) -> {
            byte[] bytes = new byte[to - from];
            int size = 0;
            for (int i = from; i < to; i += Utf8.lengthOf(piece[i])) {
                bytes[size++] = (byte) ByteAlphabet.byteOf(Utf8.codePointAt(piece, i));
            }
            next.accept(bytes, 0, size);
        };
    }
}
