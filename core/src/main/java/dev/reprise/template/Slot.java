package dev.reprise.template;

/**
 * Where a variable lives.
 *
 * @param depth of the function it belongs to: 0 for the template, 1 for a macro in it …
 * @param index among the variables of that function
 */
record Slot(int depth, int index) {}
