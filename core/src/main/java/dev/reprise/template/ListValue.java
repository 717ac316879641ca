package dev.reprise.template;

import java.util.List;

/** A Python list. Templates cannot change one, so neither does anything here. */
record ListValue(List<Object> items) implements SequenceValue {}
