package dev.reprise.template;

/** A compiled statement. Immutable, thread-safe; frame and output belong to one render. */
@FunctionalInterface
interface Action {
    /** How control goes on after a statement. */
    enum Signal {
        NEXT,
        BREAK,
        CONTINUE
    }

    Signal run(Frame frame, StringBuilder out);
}
