/** Time, event loops, randomness and invariants: what makes the rest deterministic and testable. */
@NullMarked
package dev.reprise.runtime;

import org.jspecify.annotations.NullMarked;
