package dev.reprise.cli.chat;

import java.util.Optional;

/**
 * What each request of a conversation carries.
 *
 * @param model the model to ask; empty asks for the server's first
 * @param system the system message
 * @param maxTokens longest answer, in tokens
 * @param temperature 0 to 2
 */
public record ChatOptions(
        Optional<String> model, Optional<String> system, Optional<Integer> maxTokens, Optional<Double> temperature) {}
