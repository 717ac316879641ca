package dev.reprise.openai;

import java.util.List;
import java.util.Optional;

/** Writes answers as one endpoint does: the same members in the same order as vLLM. Immutable. */
public sealed interface AnswerFormat permits ChatFormat, CompletionFormat {
    /** What ids begin with. */
    String idPrefix();

    /**
     * The event that opens a choice, before its first piece; empty when this format has none.
     *
     * @param promptTokenIds present when asked for
     */
    Optional<byte[]> opening(ResponseHead head, int index, Optional<Usage> usage, Optional<int[]> promptTokenIds);

    /** Whether a piece that {@link Choice#isEmpty says nothing} is sent all the same. */
    boolean sendsEmptyPieces();

    /**
     * A piece of a choice.
     *
     * @param usage the usage so far, when asked for with every event
     * @param fingerprint end with the fingerprint: on a choice's last piece when no usage event follows
     */
    byte[] piece(ResponseHead head, Choice piece, Optional<Usage> usage, boolean fingerprint);

    /** The event with the usage, after all choices. */
    byte[] usage(ResponseHead head, Usage usage);

    /** A whole answer. */
    byte[] answer(ResponseHead head, List<Choice> choices, Usage usage);
}
