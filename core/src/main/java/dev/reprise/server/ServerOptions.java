package dev.reprise.server;

import dev.reprise.runtime.Checks;
import java.time.Duration;

/**
 * Limits and habits of the API server.
 *
 * @param requestTimeout from arrival to the end of the answer; then 504 or an error in the stream
 * @param keepAliveInterval a stream that sent nothing for so long gets a comment
 * @param maxOpenRequests generation requests served at once, 1 to 1,000,000; beyond it 503 with Retry-After
 * @param maxChoices prompts times {@code n} of one request, 1 to 1,024
 * @param outputWindowTokens how far an engine may run ahead of a client's reading, 1 to 65,536
 * @param encodeParallelism requests whose text is rendered and tokenized at once, 1 to 1,024; the others wait
 * @param retryAfter what a refused client is told to wait
 * @param cacheScope who shares cached prefixes
 * @param logPrompts write prompts and answers into the request log; they may hold personal data
 */
public record ServerOptions(
        Duration requestTimeout,
        Duration keepAliveInterval,
        int maxOpenRequests,
        int maxChoices,
        int outputWindowTokens,
        int encodeParallelism,
        Duration retryAfter,
        CacheScopePolicy cacheScope,
        boolean logPrompts) {
    /** What holds unless configured otherwise. */
    public static final ServerOptions DEFAULTS = new ServerOptions(
            Duration.ofMinutes(10),
            Duration.ofSeconds(15),
            4_096,
            128,
            256,
            2,
            Duration.ofSeconds(1),
            CacheScopePolicy.AUTO,
            false);

    /** Checks ranges. */
    public ServerOptions {
        checkPositive("requestTimeout", requestTimeout);
        checkPositive("keepAliveInterval", keepAliveInterval);
        checkPositive("retryAfter", retryAfter);
        checkRange("maxOpenRequests", maxOpenRequests, 1, 1_000_000);
        checkRange("maxChoices", maxChoices, 1, 1_024);
        checkRange("outputWindowTokens", outputWindowTokens, 1, 65_536);
        checkRange("encodeParallelism", encodeParallelism, 1, 1_024);
    }

    private static void checkPositive(String name, Duration value) {
        Checks.check(value.isPositive(), "%s must be positive, was %s", name, value);
    }

    private static void checkRange(String name, int value, int min, int max) {
        Checks.check(value >= min && value <= max, "%s must be %d to %d, was %d", name, min, max, value);
    }
}
