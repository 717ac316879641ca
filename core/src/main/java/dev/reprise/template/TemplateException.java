package dev.reprise.template;

/** A template that cannot be compiled, or that refuses a conversation. The message is for the client. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose fault it is. */
    public enum Kind {
        /** The template does not parse, or uses a construct that is not supported. */
        TEMPLATE,
        /** The template called {@code raise_exception}: the conversation does not fit it. */
        RAISED,
        /** An operation failed on this conversation, such as a missing member. */
        EVALUATION
    }

    private final Kind kind;

    /** Says what happened. */
    public TemplateException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Whose fault it is. */
    public Kind kind() {
        return kind;
    }
}
