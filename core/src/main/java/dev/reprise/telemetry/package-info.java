/** The names of all metrics, and the registry that counts and exposes them. */
@NullMarked
package dev.reprise.telemetry;

import org.jspecify.annotations.NullMarked;
