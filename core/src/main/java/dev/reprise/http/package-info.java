/** The listener and the HTTP client: the one place that knows the HTTP library. */
@NullMarked
package dev.reprise.http;

import org.jspecify.annotations.NullMarked;
