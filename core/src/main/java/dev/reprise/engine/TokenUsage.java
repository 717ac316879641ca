package dev.reprise.engine;

/**
 * What a request took, tokens.
 *
 * @param promptTokens the prompt's length
 * @param cachedTokens leading prompt tokens whose KV was reused
 * @param outputTokens generated tokens
 */
public record TokenUsage(int promptTokens, int cachedTokens, int outputTokens) {}
