/** Chooses the worker of each request. */
@NullMarked
package dev.reprise.router;

import org.jspecify.annotations.NullMarked;
