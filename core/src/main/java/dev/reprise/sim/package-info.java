/** Engines that follow a script, in virtual time, behind the engine port. */
@NullMarked
package dev.reprise.sim;

import org.jspecify.annotations.NullMarked;
