package dev.reprise.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code loop} variable: where a loop stands. For one loop of one render. */
final class LoopValue {
    private Iterator<Object> rest;
    private int length;
    private int index0 = -1;
    private @Nullable Object previous;
    private @Nullable Object current;
    private @Nullable Object following;
    private @Nullable List<Object> lastChanged;

    LoopValue(Object iterable) {
        rest = Sequences.iterate(iterable);
        length = iterable instanceof GeneratorValue ? -1 : Sequences.length(iterable);
    }

    boolean hasNext() {
        return following != null || rest.hasNext();
    }

    Object next() {
        previous = current;
        current = following != null ? following : rest.next();
        following = null;
        index0++;
        return current;
    }

    int length() {
        if (length < 0) {
            List<Object> all = new ArrayList<>();
            rest.forEachRemaining(all::add);
            rest = all.iterator();
            length = all.size() + index0 + 1 + (following == null ? 0 : 1);
        }
        return length;
    }

    /** The member of that name; empty when a loop has no such member. */
    Optional<Object> member(String name) {
        return switch (name) {
            case "index" -> Optional.of(index0 + 1L);
            case "index0" -> Optional.of((long) index0);
            case "revindex" -> Optional.of((long) length() - index0);
            case "revindex0" -> Optional.of(length() - index0 - 1L);
            case "first" -> Optional.of(index0 == 0);
            case "last" -> Optional.of(peek() == null);
            case "length" -> Optional.of((long) length());
            case "depth" -> Optional.of(1L);
            case "depth0" -> Optional.of(0L);
            case "previtem" ->
                Optional.of(index0 == 0 || previous == null ? new Undefined("there is no previous item") : previous);
            case "nextitem" -> {
                Object next = peek();
                yield Optional.of(next == null ? new Undefined("there is no next item") : next);
            }
            case "cycle" -> Optional.of((CallableValue) (arguments, _) -> cycle(arguments));
            case "changed" -> Optional.of((CallableValue) (arguments, _) -> changed(arguments));
            default -> Optional.empty();
        };
    }

    private @Nullable Object peek() {
        if (following == null && rest.hasNext()) {
            following = rest.next();
        }
        return following;
    }

    private Object cycle(CallArguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw PythonTypes.typeError("no items for cycling given");
        }
        return arguments.positional().get(index0 % arguments.positional().size());
    }

    private boolean changed(CallArguments arguments) {
        List<Object> values = arguments.positional();
        boolean changed =
                lastChanged == null || !PythonOperators.equal(new TupleValue(lastChanged), new TupleValue(values));
        lastChanged = values;
        return changed;
    }
}
