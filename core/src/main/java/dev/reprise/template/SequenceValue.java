package dev.reprise.template;

import java.util.List;

/** A Python list or tuple. */
sealed interface SequenceValue permits ListValue, TupleValue {
    List<Object> items();
}
