/** A Hugging Face model folder: its configuration and its weights, checked before anything is computed. */
@NullMarked
package dev.reprise.engine.local.model.weights;

import org.jspecify.annotations.NullMarked;
