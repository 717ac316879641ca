/** The model: weights, linear layers, kernels, and one forward step over a batch of rows. */
@NullMarked
package dev.reprise.engine.local.model;

import org.jspecify.annotations.NullMarked;
