package dev.reprise.config;

import java.util.List;

/** What became of the given configuration. */
public sealed interface Resolution {
    /** Everything is allowed. */
    record Valid(Configuration configuration) implements Resolution {}

    /** Something is not; all problems at once, at least one. */
    record Invalid(List<Problem> problems) implements Resolution {
        /** Checks that there is a problem. */
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("problems must not be empty");
            }
        }
    }
}
