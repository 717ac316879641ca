package dev.reprise.tokenizer;

/** Turns the alternating matched and unmatched spans of one text into pieces. For one text; not thread-safe. */
final class SpanJoiner {
    private static final int NONE = -1;

    private final SplitBehavior behavior;
    private final byte[] text;
    private final PieceSink next;
    private int heldFrom = NONE;
    private int heldTo = NONE;
    private boolean previousMatched;

    SpanJoiner(SplitBehavior behavior, byte[] text, PieceSink next) {
        this.behavior = behavior;
        this.text = text;
        this.next = next;
    }

    /** The next span; spans touch each other. */
    void accept(int from, int to, boolean matched) {
        if (from == to) {
            return;
        }
        switch (behavior) {
            case ISOLATED -> next.accept(text, from, to);
            case REMOVED -> {
                if (!matched) {
                    next.accept(text, from, to);
                }
            }
            case MERGED_WITH_PREVIOUS -> joinOrReplace(from, to, matched && !previousMatched);
            case MERGED_WITH_NEXT -> joinOrReplace(from, to, !matched && previousMatched);
            case CONTIGUOUS -> joinOrReplace(from, to, matched == previousMatched);
        }
        previousMatched = matched;
    }

    /** After the last span. */
    void finish() {
        if (heldFrom != NONE) {
            next.accept(text, heldFrom, heldTo);
        }
    }

    private void joinOrReplace(int from, int to, boolean join) {
        if (join && heldFrom != NONE) {
            heldTo = to;
            return;
        }
        finish();
        heldFrom = from;
        heldTo = to;
    }
}
