package dev.reprise.template;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jinja2's filters, with {@code tojson} as {@code transformers} overrides it. */
final class Filters {
    /** One filter. */
    @FunctionalInterface
    interface Filter {
        Object apply(Object value, CallArguments arguments, Frame frame);
    }

    private static final Set<String> NOT_SUPPORTED = Set.of(
            "attr",
            "batch",
            "center",
            "e",
            "escape",
            "filesizeformat",
            "forceescape",
            "format",
            "groupby",
            "pprint",
            "random",
            "safe",
            "slice",
            "striptags",
            "truncate",
            "urlencode",
            "urlize",
            "wordcount",
            "wordwrap",
            "xmlattr");
    private static final Map<String, Filter> FILTERS = filters();

    private Filters() {}

    static Optional<Filter> find(String name) {
        return Optional.ofNullable(FILTERS.get(name));
    }

    static boolean isKnownToJinja(String name) {
        return FILTERS.containsKey(name) || NOT_SUPPORTED.contains(name);
    }

    private static Map<String, Filter> filters() {
        Map<String, Filter> filters = new LinkedHashMap<>();
        filters.put("capitalize", text(PythonText::capitalize));
        filters.put("lower", text(PythonText::lower));
        filters.put("upper", text(PythonText::upper));
        filters.put("title", text(TextFilters::title));
        filters.put("string", text(text -> text));
        filters.put(
                "trim",
                (value, arguments, _) -> StringMethods.strip(
                        PythonText.str(value), "strip", arguments.bind(0, "chars")[0]));
        filters.put("indent", (value, arguments, _) -> TextFilters.indent(value, arguments));
        filters.put("replace", (value, arguments, _) -> TextFilters.replace(value, arguments));
        filters.put("tojson", (value, arguments, _) -> TextFilters.toJson(value, arguments));
        filters.put("int", (value, arguments, _) -> NumberFilters.toInt(value, arguments));
        filters.put("float", (value, arguments, _) -> NumberFilters.toFloat(value, arguments));
        filters.put("abs", (value, arguments, _) -> NumberFilters.abs(value, arguments));
        filters.put("round", (value, arguments, _) -> NumberFilters.round(value, arguments));
        Filter defaults = (value, arguments, _) -> defaults(value, arguments);
        filters.put("default", defaults);
        filters.put("d", defaults);
        Filter length = (value, arguments, _) -> {
            arguments.requireNone();
            return (long) Sequences.length(value);
        };
        filters.put("length", length);
        filters.put("count", length);
        SequenceFilters.addTo(filters);
        return filters;
    }

    private static Filter text(java.util.function.UnaryOperator<String> change) {
        return (value, arguments, _) -> {
            arguments.requireNone();
            return change.apply(PythonText.str(value));
        };
    }

    private static Object defaults(Object value, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(0, "default_value", "boolean");
        boolean orFalse = bound[1] != null && PythonTypes.isTrue(bound[1]);
        boolean replaced = value instanceof Undefined || (orFalse && !PythonTypes.isTrue(value));
        return replaced ? bound[0] == null ? "" : bound[0] : value;
    }
}
