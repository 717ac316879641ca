package dev.reprise.engine;

/** Why a request ended regularly. */
public enum FinishReason {
    /** An end-of-sequence or stop token; it is the last token reported. */
    STOP,
    /** {@code maxTokens} or the model's context was reached. */
    LENGTH,
    /** The consumer cancelled. */
    CANCELLED
}
