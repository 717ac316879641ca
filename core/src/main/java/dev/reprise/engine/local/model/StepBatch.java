package dev.reprise.engine.local.model;

import dev.reprise.runtime.Checks;
import java.util.List;

/**
 * The rows of one forward step: any mix of prefill chunks and decode tokens of different sequences.
 *
 * @param segments one for each sequence, at least one; no sequence stands twice
 */
public record StepBatch(List<Segment> segments) {
    /** Copies the list. */
    public StepBatch {
        segments = List.copyOf(segments);
        Checks.check(!segments.isEmpty(), "a step needs at least one segment");
    }

    /** Rows in all. */
    public int rows() {
        int rows = 0;
        for (Segment segment : segments) {
            rows += segment.tokens().length;
        }
        return rows;
    }

    /** Rows whose logits are wanted, over all segments in order. */
    public int logitRows() {
        int rows = 0;
        for (Segment segment : segments) {
            rows += segment.logitRows();
        }
        return rows;
    }

    /**
     * Consecutive tokens of one sequence.
     *
     * @param tokens token ids to compute, at least one
     * @param startPosition position of the first of them in its sequence; keys and values of all positions before it
     *     are in the sequence's blocks
     * @param blockTable the sequence's KV blocks by position: position p lies in {@code blockTable[p / blockSize]};
     *     covers all rows of this segment. The runner only reads it, during the call
     * @param logitRows how many of the last rows want logits, 0 to {@code tokens.length}
     */
    @SuppressWarnings("ArrayRecordComponent") // hot path; segments are never compared
    public record Segment(int[] tokens, int startPosition, int[] blockTable, int logitRows) {
        /** Checks ranges. */
        public Segment {
            Checks.check(tokens.length >= 1, "a segment needs at least one token");
            Checks.check(startPosition >= 0, "startPosition must be at least 0, was %d", startPosition);
            Checks.check(
                    logitRows >= 0 && logitRows <= tokens.length,
                    "logitRows must be 0 to %d, was %d",
                    tokens.length,
                    logitRows);
        }
    }
}
