/** The few functions of the C library that the engine calls. */
@NullMarked
package dev.reprise.engine.local.model.libc;

import org.jspecify.annotations.NullMarked;
