package dev.reprise.template;

import java.util.Iterator;

/** A Python generator: true whatever it holds, without a length, read once. */
final class GeneratorValue {
    private final Iterator<Object> items;

    GeneratorValue(Iterator<Object> items) {
        this.items = items;
    }

    Iterator<Object> items() {
        return items;
    }
}
