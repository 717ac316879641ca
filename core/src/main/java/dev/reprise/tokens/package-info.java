/** Token ids, block and sequence hashes, cache salt: nobody else hashes tokens. */
@NullMarked
package dev.reprise.tokens;

import org.jspecify.annotations.NullMarked;
