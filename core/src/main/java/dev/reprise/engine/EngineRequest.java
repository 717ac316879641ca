package dev.reprise.engine;

import dev.reprise.identity.RequestId;
import dev.reprise.identity.TenantId;
import dev.reprise.runtime.Checks;
import dev.reprise.runtime.Deadline;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;

/**
 * A prompt and how to continue it.
 *
 * @param id unique among the engine's live requests
 * @param tenant who asked
 * @param prompt at least one token
 * @param salt separates whose cached blocks the request may use and adds to
 * @param sampling how tokens are chosen
 * @param stop when to end
 * @param priority lower runs first; 0 is usual (vLLM's meaning)
 * @param deadline after it the engine fails the request with {@link EngineErrorCode#DEADLINE_EXCEEDED}
 * @param outputWindowTokens how far the engine may run ahead of the consumer, ≥ 1
 */
public record EngineRequest(
        RequestId id,
        TenantId tenant,
        TokenIds prompt,
        CacheSalt salt,
        SamplingOptions sampling,
        StopConditions stop,
        int priority,
        Deadline deadline,
        int outputWindowTokens) {
    /** How far an engine runs ahead of a reader unless told otherwise, tokens. */
    public static final int DEFAULT_OUTPUT_WINDOW_TOKENS = 256;

    /** Checks ranges. */
    public EngineRequest {
        Checks.check(prompt.size() >= 1, "prompt must have at least one token");
        Checks.check(outputWindowTokens >= 1, "outputWindowTokens must be at least 1, was %d", outputWindowTokens);
    }
}
