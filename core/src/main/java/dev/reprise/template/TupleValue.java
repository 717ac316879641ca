package dev.reprise.template;

import java.util.List;

/** A Python tuple. */
record TupleValue(List<Object> items) implements SequenceValue {}
