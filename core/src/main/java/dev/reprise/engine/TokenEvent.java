package dev.reprise.engine;

import dev.reprise.tokens.TokenIds;
import java.util.List;

/** What happens to a submitted request, in this order: at most one Started, any Generated, one Finished or Failed. */
public sealed interface TokenEvent {
    /**
     * The engine took the request up for the first time.
     *
     * @param cachedTokens leading prompt tokens whose KV was reused instead of computed
     */
    record Started(int cachedTokens) implements TokenEvent {}

    /**
     * New output tokens.
     *
     * @param tokens at least one
     * @param logprobs one entry for each token when they were asked for, else empty
     */
    record Generated(TokenIds tokens, List<TokenLogprobs> logprobs) implements TokenEvent {
        /** Copies the list. */
        public Generated {
            logprobs = List.copyOf(logprobs);
        }
    }

    /** The regular end. */
    record Finished(FinishReason reason, TokenUsage usage) implements TokenEvent {}

    /** The request ended without a regular result. Tokens reported before stay valid. */
    record Failed(EngineError error) implements TokenEvent {}
}
