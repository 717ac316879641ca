package dev.reprise.server;

import dev.reprise.engine.TokenEvent;

/** What wakes the thread of a request. */
sealed interface Signal {
    /** The engine says something of choice number {@code choice}. */
    record Engine(int choice, TokenEvent event) implements Signal {}

    /** Time to look whether the stream needs a comment. */
    record KeepAliveDue() implements Signal {}

    /** The request's time is over. */
    record DeadlinePassed() implements Signal {}

    /** The client left. */
    record ClientGone() implements Signal {}

    /** More events came than the engine was allowed to send. */
    record WindowExceeded() implements Signal {}
}
