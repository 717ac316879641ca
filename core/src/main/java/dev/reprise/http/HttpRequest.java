package dev.reprise.http;

/**
 * A received request.
 *
 * @param method upper case
 * @param path decoded, without the query
 * @param query the raw query, empty when there is none
 * @param headers all fields
 * @param body the whole body; the receiver does not change it
 * @param remoteAddress the client's address, for logs
 */
@SuppressWarnings("ArrayRecordComponent") // requests are never compared; a copy of every body would cost more
public record HttpRequest(
        String method, String path, String query, HttpHeaders headers, byte[] body, String remoteAddress) {}
