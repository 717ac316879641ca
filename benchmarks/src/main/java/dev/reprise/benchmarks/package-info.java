/** Measurements, run by {@code ./build bench NAME}. */
@NullMarked
package dev.reprise.benchmarks;

import org.jspecify.annotations.NullMarked;
