package dev.reprise.openai;

/**
 * What every object of an answer begins with.
 *
 * @param id such as {@code chatcmpl-…}
 * @param createdSeconds seconds since 1970
 * @param model the served name
 * @param systemFingerprint names the server's version and model revision
 */
public record ResponseHead(String id, long createdSeconds, String model, String systemFingerprint) {}
