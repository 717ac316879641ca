/** The embedded engine: continuous batching over a paged KV pool, on the CPU. */
@NullMarked
package dev.reprise.engine.local;

import org.jspecify.annotations.NullMarked;
