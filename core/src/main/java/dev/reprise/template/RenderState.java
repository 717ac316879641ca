package dev.reprise.template;

import dev.reprise.runtime.Clock;
import java.util.Map;

/** What one render shares: its variables, its clock and what it may still spend. Not thread-safe. */
final class RenderState {
    /** Loop turns, calls and elements handled by filters in one render. */
    static final int MAX_STEPS = 5_000_000;
    /** Macros in macros. */
    static final int MAX_CALL_DEPTH = 200;
    /** Characters of the output, and of any text on the way to it. */
    static final int MAX_TEXT = 1 << 26;

    private final Map<String, Object> variables;
    private final Clock clock;
    private int stepsLeft = MAX_STEPS;
    private int callDepth;

    RenderState(Map<String, Object> variables, Clock clock) {
        this.variables = variables;
        this.clock = clock;
    }

    Map<String, Object> variables() {
        return variables;
    }

    Clock clock() {
        return clock;
    }

    void step() {
        spend(1);
    }

    void spend(int steps) {
        stepsLeft -= steps;
        if (stepsLeft < 0) {
            throw TemplateErrors.evaluation("the render took more than " + MAX_STEPS + " steps");
        }
    }

    void enterCall() {
        step();
        if (++callDepth > MAX_CALL_DEPTH) {
            throw TemplateErrors.evaluation("calls are nested deeper than " + MAX_CALL_DEPTH);
        }
    }

    void leaveCall() {
        callDepth--;
    }

    static void checkText(long length) {
        if (length > MAX_TEXT) {
            throw TemplateErrors.evaluation("a text is longer than " + MAX_TEXT + " characters");
        }
    }
}
