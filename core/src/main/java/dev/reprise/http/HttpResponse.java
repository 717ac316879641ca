package dev.reprise.http;

/**
 * A whole answer.
 *
 * @param status between 200 and 599
 * @param headers without Content-Length and Date, which are added
 * @param body may be empty; not changed after the answer is given
 */
@SuppressWarnings("ArrayRecordComponent") // responses are never compared
public record HttpResponse(int status, HttpHeaders headers, byte[] body) {}
