package dev.reprise.http;

/**
 * A whole answer.
 *
 * @param status the status code
 * @param headers without Content-Length, which is added
 * @param body may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // responses are never compared
public record HttpResponse(int status, HttpHeaders headers, byte[] body) {}
