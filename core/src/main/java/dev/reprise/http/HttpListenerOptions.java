package dev.reprise.http;

import java.util.Optional;

/**
 * Where and how a listener serves.
 *
 * @param host name or address to bind
 * @param port 0 takes a free one
 * @param ioThreads event-loop threads; handlers do not run on them
 * @param limits what it holds for clients
 * @param timeouts how long it waits for clients
 * @param tls absent for plain HTTP
 * @param errorBody shapes the listener's own refusals
 */
public record HttpListenerOptions(
        String host,
        int port,
        int ioThreads,
        HttpLimits limits,
        HttpTimeouts timeouts,
        Optional<TlsFiles> tls,
        ErrorBody errorBody) {
    /** Checks the port and the number of threads. */
    public HttpListenerOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
        }
        if (ioThreads < 1) {
            throw new IllegalArgumentException("ioThreads must be at least 1, not " + ioThreads);
        }
    }

    /** Plain HTTP with default limits and time-outs, one I/O thread per core but at most four. */
    public static HttpListenerOptions plain(String host, int port, ErrorBody errorBody) {
        int threads = Math.min(Runtime.getRuntime().availableProcessors(), 4);
        return new HttpListenerOptions(
                host, port, threads, HttpLimits.DEFAULT, HttpTimeouts.DEFAULT, Optional.empty(), errorBody);
    }

    /** These options with other limits. */
    public HttpListenerOptions withLimits(HttpLimits other) {
        return new HttpListenerOptions(host, port, ioThreads, other, timeouts, tls, errorBody);
    }

    /** These options with other time-outs. */
    public HttpListenerOptions withTimeouts(HttpTimeouts other) {
        return new HttpListenerOptions(host, port, ioThreads, limits, other, tls, errorBody);
    }

    /** These options with TLS. */
    public HttpListenerOptions withTls(TlsFiles files) {
        return new HttpListenerOptions(host, port, ioThreads, limits, timeouts, Optional.of(files), errorBody);
    }
}
