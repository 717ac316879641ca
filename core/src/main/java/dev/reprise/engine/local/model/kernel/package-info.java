/** The arithmetic between the linear layers, and the threads that run it. Every sum has a written-out order. */
@NullMarked
package dev.reprise.engine.local.model.kernel;

import org.jspecify.annotations.NullMarked;
