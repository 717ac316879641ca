package dev.reprise.http;

/**
 * How much a listener holds for its clients.
 *
 * @param maxConnections open connections; each further one is answered 503 and closed (closed at once under TLS)
 * @param maxRequestLineBytes method, target and version; beyond it 414
 * @param maxHeaderBytes all header fields of a request; beyond it 431
 * @param maxBodyBytes one request's body; beyond it 413
 * @param maxBufferedBodyBytes the bodies of all requests being read or answered together; beyond it 503
 */
public record HttpLimits(
        int maxConnections, int maxRequestLineBytes, int maxHeaderBytes, int maxBodyBytes, long maxBufferedBodyBytes) {
    /** 8,192 connections, 8 KiB request line, 32 KiB header fields, 32 MiB body, 512 MiB of bodies. */
    public static final HttpLimits DEFAULT = new HttpLimits(8_192, 8 << 10, 32 << 10, 32 << 20, 512L << 20);

    /** Checks that every limit is positive and that one body fits into all. */
    public HttpLimits {
        requirePositive("maxConnections", maxConnections);
        requirePositive("maxRequestLineBytes", maxRequestLineBytes);
        requirePositive("maxHeaderBytes", maxHeaderBytes);
        requirePositive("maxBodyBytes", maxBodyBytes);
        if (maxBufferedBodyBytes < maxBodyBytes) {
            throw new IllegalArgumentException("maxBufferedBodyBytes must be at least maxBodyBytes " + maxBodyBytes
                    + ", not " + maxBufferedBodyBytes);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
