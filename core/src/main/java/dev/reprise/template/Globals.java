package dev.reprise.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every template sees. */
final class Globals {
    private static final Map<String, Object> ALL = Map.of(
            "range", (CallableValue) (arguments, _) -> range(arguments),
            "dict", (CallableValue) (arguments, _) -> new DictValue(members(arguments)),
            "namespace", (CallableValue) (arguments, _) -> namespace(arguments),
            "raise_exception", (CallableValue) (arguments, _) -> raise(arguments),
            "strftime_now", (CallableValue) Globals::strftimeNow);

    private Globals() {}

    static Map<String, Object> all() {
        return ALL;
    }

    private static Object range(CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(1, "start", "stop", "step");
        long first = integer(StringMethods.required(bound[0]));
        boolean single = bound[1] == null;
        long step = bound[2] == null ? 1 : integer(bound[2]);
        if (step == 0) {
            throw TemplateErrors.evaluation("range() arg 3 must not be zero");
        }
        RangeValue range =
                new RangeValue(single ? 0 : first, single ? first : integer(StringMethods.required(bound[1])), step);
        if (range.size() > RangeValue.MAX_SIZE) {
            throw TemplateErrors.evaluation(
                    "Range too big. The sandbox blocks ranges larger than %d.".formatted(RangeValue.MAX_SIZE));
        }
        return range;
    }

    private static long integer(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        long number = PythonNumbers.toLong(value);
        if (Math.abs(number) > Integer.MAX_VALUE) {
            throw TemplateErrors.evaluation("range: a bound beyond 2^31 is not supported");
        }
        return number;
    }

    private static Map<Object, Object> members(CallArguments arguments) {
        Map<Object, Object> members = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw PythonTypes.typeError("dict expected at most 1 argument");
        }
        for (Object given : arguments.positional()) {
            if (given instanceof DictValue dict) {
                members.putAll(dict.members());
            } else {
                addPairs(given, members);
            }
        }
        members.putAll(arguments.named());
        return members;
    }

    private static void addPairs(Object pairs, Map<Object, Object> members) {
        for (Object pair : Sequences.items(pairs)) {
            List<Object> parts = Sequences.items(pair);
            if (parts.size() != 2) {
                throw TemplateErrors.evaluation("dict: every item must be a pair");
            }
            members.put(DictValue.key(parts.get(0)), parts.get(1));
        }
    }

    private static Object namespace(CallArguments arguments) {
        NamespaceValue namespace = new NamespaceValue();
        members(arguments).forEach((name, value) -> namespace.set(String.valueOf(name), value));
        return namespace;
    }

    private static Object raise(CallArguments arguments) {
        Object message = StringMethods.required(arguments.bind(1, "message")[0]);
        throw new TemplateException(TemplateException.Kind.RAISED, PythonText.str(message));
    }

    private static Object strftimeNow(CallArguments arguments, Frame frame) {
        Object format = StringMethods.required(arguments.bind(1, "format")[0]);
        if (!(format instanceof String text)) {
            throw PythonTypes.typeError("strftime_now needs a str, not " + PythonTypes.nameOf(format));
        }
        return Strftime.format(text, frame.state().clock().now());
    }
}
