package dev.reprise.openai;

/**
 * The tokens of an answer.
 *
 * @param promptTokens of all prompts
 * @param completionTokens of all choices
 * @param cachedTokens leading prompt tokens whose KV was reused
 * @param createdCacheTokens prompt tokens whose KV blocks this request added to the cache
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens, int createdCacheTokens) {
    /** Prompt and completion. */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
