/** Who holds which KV block: allocation, reference counts, prefix reuse and eviction. Knows no bytes. */
@NullMarked
package dev.reprise.kvcache;

import org.jspecify.annotations.NullMarked;
