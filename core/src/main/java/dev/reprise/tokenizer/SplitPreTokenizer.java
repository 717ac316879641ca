package dev.reprise.tokenizer;

/** Cuts around what a pattern matches; with {@code invert}, around what it does not match. */
record SplitPreTokenizer(SplitPattern pattern, SplitBehavior behavior, boolean invert) implements PreTokenizer {
    /** Cuts around each character of {@code set}. */
    static SplitPreTokenizer aroundEach(CodePointSet set, SplitBehavior behavior) {
        return new SplitPreTokenizer(SplitPattern.compile(new PatternNode.One(set)), behavior, false);
    }

    @Override
    public void split(byte[] text, int from, int to, PieceSink next) {
        SpanJoiner joiner = new SpanJoiner(behavior, text, next);
        int spanStart = from;
        int at = from;
        while (at < to) {
            int end = pattern.matchEnd(text, at, to);
            if (end == SplitPattern.NO_MATCH) {
                at += Utf8.lengthOf(text[at]);
            } else {
                joiner.accept(spanStart, at, invert);
                joiner.accept(at, end, !invert);
                spanStart = end;
                at = end;
            }
        }
        joiner.accept(spanStart, to, invert);
        joiner.finish();
    }
}
