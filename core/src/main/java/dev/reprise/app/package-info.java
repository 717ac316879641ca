/** The composition root: the only place where components are created and wired. */
@NullMarked
package dev.reprise.app;

import org.jspecify.annotations.NullMarked;
