/** Linear layers through ONNX Runtime, from graphs built in memory. */
@NullMarked
package dev.reprise.engine.local.model.linear;

import org.jspecify.annotations.NullMarked;
