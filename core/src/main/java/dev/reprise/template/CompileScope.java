package dev.reprise.template;

import org.jspecify.annotations.Nullable;

/**
 * What the compiler knows at one place.
 *
 * @param symbols the variables that can be seen
 * @param conditional within a branch that may not run: an unknown filter or test fails only when it does
 * @param blockText the variable that holds the text of the block being filtered
 */
record CompileScope(
        Symbols symbols, boolean conditional, @Nullable Slot blockText) {
    static CompileScope of(Symbols symbols) {
        return new CompileScope(symbols, false, null);
    }

    CompileScope inBranch() {
        return new CompileScope(symbols, true, blockText);
    }

    CompileScope withBlockText(Slot slot) {
        return new CompileScope(symbols, conditional, slot);
    }

    int depth() {
        return symbols.layout().depth();
    }
}
