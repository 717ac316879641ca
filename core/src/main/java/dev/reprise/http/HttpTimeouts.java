package dev.reprise.http;

import java.time.Duration;

/**
 * How long a listener waits for its clients.
 *
 * @param idle between two requests of a connection, and before the first; then the connection is closed
 * @param requestRead from a request's first byte to its last; then 408
 * @param write for the client to take bytes that wait to be sent; then the connection is cut
 */
public record HttpTimeouts(Duration idle, Duration requestRead, Duration write) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** 75 s, 60 s and 30 s. */
    public static final HttpTimeouts DEFAULT =
            new HttpTimeouts(Duration.ofSeconds(75), Duration.ofSeconds(60), Duration.ofSeconds(30));

    /** Checks that every time-out is above zero and at most a day. */
    public HttpTimeouts {
        requireInRange("idle", idle);
        requireInRange("requestRead", requestRead);
        requireInRange("write", write);
    }

    private static void requireInRange(String name, Duration value) {
        if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " time-out must be above 0 and at most 24 h, not " + value);
        }
    }
}
