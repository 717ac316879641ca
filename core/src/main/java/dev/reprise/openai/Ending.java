package dev.reprise.openai;

import java.util.Optional;

/** How a choice ended. */
public sealed interface Ending {
    /** At the most tokens that were asked for, or that the context holds. */
    record Length() implements Ending {}

    /** At an end-of-sequence token, or at what {@code reason} names. */
    record Stop(Optional<StopReason> reason) implements Ending {}

    /** What the client had asked to stop at. */
    sealed interface StopReason {
        /** A stop string. */
        record Text(String text) implements StopReason {}

        /** A stop token. */
        record Token(int id) implements StopReason {}
    }

    /** The value of {@code finish_reason}. */
    default String wireName() {
        return switch (this) {
            case Length _ -> "length";
            case Stop _ -> "stop";
        };
    }
}
