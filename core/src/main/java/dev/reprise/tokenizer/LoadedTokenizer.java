package dev.reprise.tokenizer;

/** What a tokenizer's folder holds. */
public record LoadedTokenizer(Tokenizer tokenizer, SpecialTokens specialTokens) {}
