package dev.reprise.template;

import java.util.List;

/**
 * What {@code keys()}, {@code values()} and {@code items()} of a dict return.
 *
 * @param name as Python prints it
 */
record DictView(String name, List<Object> items) {}
