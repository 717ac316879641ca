/** OpenAI's wire as vLLM speaks it: request records, answers, server-sent events and the one taxonomy of errors. */
@NullMarked
package dev.reprise.openai;

import org.jspecify.annotations.NullMarked;
