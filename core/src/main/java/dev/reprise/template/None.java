package dev.reprise.template;

/** Python's {@code None}. */
enum None {
    NONE
}
