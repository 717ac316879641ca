package dev.reprise.tokenizer;

import java.util.List;

/** The syntax tree of a split pattern. Order of alternatives and greed carry priority, as in a backtracking engine. */
sealed interface PatternNode {
    /** One character out of {@code set}. */
    record One(CodePointSet set) implements PatternNode {}

    /** The next character, if there is one, must not be in {@code set}; consumes nothing. */
    record NotFollowedBy(CodePointSet set) implements PatternNode {}

    /** One after the other. */
    record Sequence(List<PatternNode> parts) implements PatternNode {}

    /** The first that leads to a match. */
    record Choice(List<PatternNode> options) implements PatternNode {}

    /** {@code least} to {@code most} times; {@code most} = {@link #UNBOUNDED} has no upper limit. */
    record Repeat(PatternNode body, int least, int most, boolean greedy) implements PatternNode {
        static final int UNBOUNDED = -1;
    }
}
