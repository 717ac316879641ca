package dev.reprise.template;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lets items through one at a time, testing each only when it is asked for. */
final class FilteringIterator implements Iterator<Object> {
    private final Iterator<Object> source;
    private final Predicate<Object> condition;
    private @Nullable Object ready;

    FilteringIterator(Iterator<Object> source, Predicate<Object> condition) {
        this.source = source;
        this.condition = condition;
    }

    @Override
    public boolean hasNext() {
        while (ready == null && source.hasNext()) {
            Object candidate = source.next();
            ready = condition.test(candidate) ? candidate : null;
        }
        return ready != null;
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object next = java.util.Objects.requireNonNull(ready);
        ready = null;
        return next;
    }
}
