/** The OpenAI-compatible API over HTTP: identity, validation, the path from text to tokens and back, and streaming. */
@NullMarked
package dev.reprise.server;

import org.jspecify.annotations.NullMarked;
