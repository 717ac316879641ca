package dev.reprise.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Filters that take sequences and dicts. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("list", (value, arguments, frame) -> {
            arguments.requireNone();
            return new ListValue(counted(value, frame));
        });
        filters.put("items", (value, arguments, _) -> items(value, arguments));
        filters.put("first", (value, arguments, _) -> first(value, arguments));
        filters.put("last", (value, arguments, _) -> last(value, arguments));
        filters.put("join", SequenceFilters::join);
        filters.put("reverse", (value, arguments, _) -> reverse(value, arguments));
        filters.put("sort", SequenceFilters::sort);
        filters.put("dictsort", (value, arguments, _) -> dictSort(value, arguments));
        filters.put("unique", SequenceFilters::unique);
        filters.put("sum", SequenceFilters::sum);
        filters.put("min", (value, arguments, frame) -> extreme(value, arguments, frame, -1));
        filters.put("max", (value, arguments, frame) -> extreme(value, arguments, frame, 1));
        filters.put("map", SequenceFilters::map);
        filters.put("select", (value, arguments, frame) -> select(value, arguments, frame, false, true));
        filters.put("reject", (value, arguments, frame) -> select(value, arguments, frame, false, false));
        filters.put("selectattr", (value, arguments, frame) -> select(value, arguments, frame, true, true));
        filters.put("rejectattr", (value, arguments, frame) -> select(value, arguments, frame, true, false));
    }

    private static List<Object> counted(Object value, Frame frame) {
        List<Object> items = Sequences.items(value);
        frame.state().spend(items.size());
        return items;
    }

    private static Object items(Object value, CallArguments arguments) {
        arguments.requireNone();
        if (value instanceof Undefined) {
            return new GeneratorValue(Collections.emptyIterator());
        }
        if (!(value instanceof DictValue dict)) {
            throw PythonTypes.typeError("Can only get item pairs from a mapping.");
        }
        return new GeneratorValue(Methods.pairs(dict.members()).iterator());
    }

    private static Object first(Object value, CallArguments arguments) {
        arguments.requireNone();
        Iterator<Object> items = Sequences.iterate(value);
        return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
    }

    private static Object last(Object value, CallArguments arguments) {
        arguments.requireNone();
        requireReversible(value);
        List<Object> items = Sequences.items(value);
        return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.getLast();
    }

    private static void requireReversible(Object value) {
        if (value instanceof GeneratorValue) {
            throw PythonTypes.typeError("'generator' object is not reversible");
        }
    }

    private static Object join(Object value, CallArguments arguments, Frame frame) {
        @Nullable Object[] bound = arguments.bind(0, "d", "attribute");
        String separator = bound[0] == null ? "" : PythonText.str(bound[0]);
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Object item : counted(value, frame)) {
            boolean selects = bound[1] != null && bound[1] != None.NONE;
            out.append(first ? "" : separator);
            out.append(PythonText.str(selects ? Members.path(item, StringMethods.required(bound[1])) : item));
            RenderState.checkText(out.length());
            first = false;
        }
        return out.toString();
    }

    private static Object reverse(Object value, CallArguments arguments) {
        arguments.requireNone();
        if (value instanceof String text) {
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> reversed = new ArrayList<>(Sequences.items(value));
        Collections.reverse(reversed);
        return value instanceof GeneratorValue ? new ListValue(reversed) : new GeneratorValue(reversed.iterator());
    }

    private static boolean isSet(@Nullable Object flag) {
        return flag != null && PythonTypes.isTrue(flag);
    }

    private static Object ignoringCase(Object value) {
        return value instanceof String text ? PythonText.lower(text) : value;
    }

    private static Function<Object, Object> key(@Nullable Object attribute, boolean caseSensitive) {
        Object path = attribute == null ? None.NONE : attribute;
        return item -> {
            Object selected = Members.path(item, path);
            return caseSensitive ? selected : ignoringCase(selected);
        };
    }

    private static Object sort(Object value, CallArguments arguments, Frame frame) {
        @Nullable Object[] bound = arguments.bind(0, "reverse", "case_sensitive", "attribute");
        if (bound[2] instanceof String path && path.contains(",")) {
            throw TemplateErrors.evaluation("sort by several attributes is not supported");
        }
        return new ListValue(sorted(counted(value, frame), key(bound[2], isSet(bound[1])), isSet(bound[0])));
    }

    private static List<Object> sorted(List<Object> items, Function<Object, Object> key, boolean reverse) {
        Comparator<Object> order = (a, b) -> PythonOperators.compare("<", key.apply(a), key.apply(b));
        List<Object> sorted = new ArrayList<>(items);
        sorted.sort(reverse ? order.reversed() : order);
        return sorted;
    }

    private static Object dictSort(Object value, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(0, "case_sensitive", "by", "reverse");
        Object by = bound[1] == null ? "key" : bound[1];
        if (!by.equals("key") && !by.equals("value")) {
            throw TemplateErrors.evaluation("You can only sort by either \"key\" or \"value\"");
        }
        long position = by.equals("key") ? 0 : 1;
        List<Object> pairs = Methods.pairs(Members.requireDict(value, "dictsort"));
        return new ListValue(sorted(pairs, key(position, isSet(bound[0])), isSet(bound[2])));
    }

    private static Object unique(Object value, CallArguments arguments, Frame frame) {
        @Nullable Object[] bound = arguments.bind(0, "case_sensitive", "attribute");
        Function<Object, Object> key = key(bound[1], isSet(bound[0]));
        Set<Object> seen = new HashSet<>();
        return new GeneratorValue(new FilteringIterator(Sequences.iterate(value), item -> {
            frame.state().step();
            Object found = key.apply(item);
            return seen.add(found instanceof Undefined ? Undefined.class : PythonOperators.lookUpKey(found));
        }));
    }

    private static Object sum(Object value, CallArguments arguments, Frame frame) {
        @Nullable Object[] bound = arguments.bind(0, "attribute", "start");
        Object path = bound[0] == null ? None.NONE : bound[0];
        Object total = bound[1] == null ? (Object) 0L : bound[1];
        for (Object item : counted(value, frame)) {
            total = PythonOperators.binary("+", total, Members.path(item, path));
        }
        return total;
    }

    private static Object extreme(Object value, CallArguments arguments, Frame frame, int sign) {
        @Nullable Object[] bound = arguments.bind(0, "case_sensitive", "attribute");
        Function<Object, Object> key = key(bound[1], isSet(bound[0]));
        List<Object> items = counted(value, frame);
        if (items.isEmpty()) {
            return new Undefined("No aggregated item, sequence was empty.");
        }
        Object best = items.getFirst();
        for (Object item : items.subList(1, items.size())) {
            if (sign * PythonOperators.compare(sign < 0 ? "<" : ">", key.apply(item), key.apply(best)) > 0) {
                best = item;
            }
        }
        return best;
    }

    private static Object map(Object value, CallArguments arguments, Frame frame) {
        if (!PythonTypes.isTrue(value)) {
            return new GeneratorValue(Collections.emptyIterator());
        }
        Function<Object, Object> function = mapping(arguments, frame);
        Iterator<Object> items = Sequences.iterate(value);
        return new GeneratorValue(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Object next() {
                frame.state().step();
                return function.apply(items.next());
            }
        });
    }

    private static Function<Object, Object> mapping(CallArguments arguments, Frame frame) {
        if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
            @Nullable Object[] bound = arguments.bind(1, "attribute", "default");
            Object path = StringMethods.required(bound[0]);
            Optional<Object> missing = Optional.ofNullable(bound[1] == None.NONE ? null : bound[1]);
            return item -> Members.path(item, path, missing);
        }
        String name = functionName(arguments, 0, "map");
        Filters.Filter filter =
                Filters.find(name).orElseThrow(() -> TemplateErrors.evaluation("No filter named '" + name + "'."));
        CallArguments rest = rest(arguments, 1);
        return item -> filter.apply(item, rest, frame);
    }

    private static Object select(
            Object value, CallArguments arguments, Frame frame, boolean byAttribute, boolean wanted) {
        if (!PythonTypes.isTrue(value)) {
            return new GeneratorValue(Collections.emptyIterator());
        }
        int offset = byAttribute ? 1 : 0;
        if (arguments.positional().size() < offset) {
            throw TemplateErrors.evaluation("Missing parameter for attribute name");
        }
        Object path = byAttribute ? arguments.positional().getFirst() : None.NONE;
        Predicate<Object> condition = condition(arguments, offset);
        return new GeneratorValue(new FilteringIterator(Sequences.iterate(value), item -> {
            frame.state().step();
            return condition.test(Members.path(item, path)) == wanted;
        }));
    }

    private static Predicate<Object> condition(CallArguments arguments, int offset) {
        if (arguments.positional().size() == offset) {
            return PythonTypes::isTrue;
        }
        String name = functionName(arguments, offset, arguments.callee());
        Tests.Test test =
                Tests.find(name).orElseThrow(() -> TemplateErrors.evaluation("No test named '" + name + "'."));
        CallArguments rest = rest(arguments, offset + 1);
        return item -> test.holds(item, rest);
    }

    private static String functionName(CallArguments arguments, int index, String callee) {
        if (arguments.positional().size() > index && arguments.positional().get(index) instanceof String name) {
            return name;
        }
        throw TemplateErrors.evaluation(callee + " requires the name of a filter or test");
    }

    private static CallArguments rest(CallArguments arguments, int from) {
        List<Object> positional = arguments.positional();
        return new CallArguments(
                arguments.callee(),
                positional.subList(from, positional.size()),
                new LinkedHashMap<>(arguments.named()));
    }
}
