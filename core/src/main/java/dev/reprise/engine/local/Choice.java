package dev.reprise.engine.local;

import dev.reprise.engine.TokenLogprobs;
import java.util.Optional;

/**
 * A sequence's next token.
 *
 * @param tokenId the token, ≥ 0
 * @param logprobs its log probabilities, present when the request asked for them
 */
public record Choice(int tokenId, Optional<TokenLogprobs> logprobs) {}
