/** The engine port: tokens in, token events out, KV events and KV blocks beside them. */
@NullMarked
package dev.reprise.engine;

import org.jspecify.annotations.NullMarked;
