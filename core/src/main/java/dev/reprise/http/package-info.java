/**
 * The HTTP listener: the one place that knows the HTTP library.
 *
 * <p>Threads: a connection's state belongs to its event loop, an exchange's answer to its handler's virtual thread. The
 * two monitors, of {@code ListenerState} and of {@code DisconnectActions}, are never held together, nor while foreign
 * code runs.
 */
@NullMarked
package dev.reprise.http;

import org.jspecify.annotations.NullMarked;
