/** The command line: verbs, their flags and help, and what they print. */
@NullMarked
package dev.reprise.cli;

import org.jspecify.annotations.NullMarked;
