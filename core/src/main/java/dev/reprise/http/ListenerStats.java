package dev.reprise.http;

/**
 * A listener's counts, for metrics. Each is exact, but they are not read at one moment.
 *
 * @param connections open now
 * @param exchanges requests whose handler runs now
 * @param refusedConnections turned away for the connection limit, since the start
 * @param cutConnections cut because the client took no bytes for the write time-out, since the start
 */
public record ListenerStats(int connections, int exchanges, long refusedConnections, long cutConnections) {}
