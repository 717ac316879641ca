/** A conversation with an OpenAI-compatible server in the terminal. */
@NullMarked
package dev.reprise.cli.chat;

import org.jspecify.annotations.NullMarked;
