package dev.reprise.template;

import java.util.List;
import java.util.Optional;

/**
 * A compiled macro.
 *
 * @param parameters their slots, in order
 * @param defaults of the last parameters
 * @param caller the slot of {@code caller}, where the body reads it
 * @param entry gives the other variables their first values
 */
record MacroCode(
        String name,
        List<String> parameterNames,
        List<Slot> parameters,
        List<Evaluator> defaults,
        Optional<Slot> caller,
        Symbols.Layout layout,
        Action entry,
        Action body) {}
