package dev.reprise.template;

/** A compiled expression. Immutable, thread-safe; the frame belongs to one render. */
@FunctionalInterface
interface Evaluator {
    Object evaluate(Frame frame);
}
