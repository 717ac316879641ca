/** Chat messages to the text a model was trained on. */
@NullMarked
package dev.reprise.template;

import org.jspecify.annotations.NullMarked;
