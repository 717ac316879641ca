package dev.reprise.tokenizer;

import java.util.Map;
import java.util.Optional;

/** What becomes of the parts of a text that a split pattern matches. */
enum SplitBehavior {
    ISOLATED,
    REMOVED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT,
    CONTIGUOUS;

    private static final Map<String, SplitBehavior> NAMES = Map.of(
            "Isolated", ISOLATED,
            "Removed", REMOVED,
            "MergedWithPrevious", MERGED_WITH_PREVIOUS,
            "MergedWithNext", MERGED_WITH_NEXT,
            "Contiguous", CONTIGUOUS);

    static Optional<SplitBehavior> named(String name) {
        return Optional.ofNullable(NAMES.get(name));
    }
}
