package dev.reprise.tokenizer;

import java.util.List;

/** Cuts a text into pieces across which no token reaches. Immutable, thread-safe. */
interface PreTokenizer {
    /** Sends the pieces of {@code text[from, to)}, UTF-8, to {@code next} in order. */
    void split(byte[] text, int from, int to, PieceSink next);

    /** Each in turn cuts the pieces of the one before. */
    record Sequence(List<PreTokenizer> stages) implements PreTokenizer {
        public Sequence {
            stages = List.copyOf(stages);
        }

        @Override
        public void split(byte[] text, int from, int to, PieceSink next) {
            PieceSink sink = next;
            for (PreTokenizer stage : stages.reversed()) {
                PieceSink after = sink;
                sink = (piece, start, end) -> stage.split(piece, start, end, after);
            }
            sink.accept(text, from, to);
        }
    }
}
