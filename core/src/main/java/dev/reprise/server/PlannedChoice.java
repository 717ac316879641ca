package dev.reprise.server;

import dev.reprise.engine.SamplingOptions;
import dev.reprise.tokens.TokenIds;

/**
 * One answer to be generated.
 *
 * @param prompt at least one token
 * @param firstOfPrompt whether the prompt counts for the usage: the other choices share it
 * @param sampling its own seed included
 * @param maxTokens output tokens at most, ≥ 1; with the prompt within the model's context
 */
record PlannedChoice(TokenIds prompt, boolean firstOfPrompt, SamplingOptions sampling, int maxTokens) {}
