/** The one schema of settings for all verbs, and their resolution from file, environment and flags. */
@NullMarked
package dev.reprise.config;

import org.jspecify.annotations.NullMarked;
