package dev.reprise.cli.chat;

/**
 * One message of a conversation.
 *
 * @param role as the API names it: {@code system}, {@code user} or {@code assistant}
 */
record ChatMessage(String role, String content) {}
