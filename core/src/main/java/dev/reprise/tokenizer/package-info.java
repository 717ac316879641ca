/** Text to token ids and back. */
@NullMarked
package dev.reprise.tokenizer;

import org.jspecify.annotations.NullMarked;
