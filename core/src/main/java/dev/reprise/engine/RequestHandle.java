package dev.reprise.engine;

import dev.reprise.identity.RequestId;

/** The submitter's hold on a request. Any thread may call; calls after the request's end do nothing. */
public interface RequestHandle {
    /** Which request. */
    RequestId id();

    /**
     * Ends the request within one step; its sink then gets {@link TokenEvent.Finished} with
     * {@link FinishReason#CANCELLED}, unless it ended otherwise first.
     */
    void cancel();

    /** Changes the order among waiting requests; lower runs first. */
    void setPriority(int priority);

    /** Tells the engine that the consumer has taken {@code tokens} more output tokens (≥ 0), opening the window. */
    void acknowledge(int tokens);
}
