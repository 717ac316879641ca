package dev.reprise.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The methods of Python's built-in types that templates may call. Methods that would change a list or dict exist, and
 * fail when used, as in the reference's sandbox.
 */
final class Methods {
    private static final Set<String> DICT_CHANGING = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> LIST_CHANGING =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> DICT = Set.of("get", "items", "keys", "values", "copy", "fromkeys");
    private static final Set<String> LIST = Set.of("count", "index", "copy");
    private static final Set<String> TUPLE = Set.of("count", "index");
    private static final Set<String> CALLABLE_STRING = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "startswith",
            "endswith",
            "split",
            "rsplit",
            "splitlines",
            "upper",
            "lower",
            "capitalize",
            "replace",
            "find",
            "rfind",
            "index",
            "count",
            "join",
            "removeprefix",
            "removesuffix",
            "isdigit",
            "isspace");
    /** The methods of {@code str} that cannot be called; they must not be taken for missing members. */
    private static final Set<String> OTHER_STRING = Set.of(
            "casefold",
            "center",
            "encode",
            "expandtabs",
            "format",
            "format_map",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isidentifier",
            "islower",
            "isnumeric",
            "isprintable",
            "istitle",
            "isupper",
            "ljust",
            "maketrans",
            "partition",
            "rindex",
            "rjust",
            "rpartition",
            "swapcase",
            "title",
            "translate",
            "zfill");

    private static final Set<String> OF_NUMBERS = Set.of(
            "as_integer_ratio",
            "bit_count",
            "bit_length",
            "conjugate",
            "denominator",
            "from_bytes",
            "fromhex",
            "hex",
            "imag",
            "is_integer",
            "numerator",
            "real",
            "to_bytes");
    private static final Set<String> LOOP = Set.of("cycle", "changed");

    private Methods() {}

    /** Whether {@code object.name(…)} can mean something that is implemented. */
    static boolean isCallable(String name) {
        return CALLABLE_STRING.contains(name)
                || DICT_CHANGING.contains(name)
                || LIST_CHANGING.contains(name)
                || (DICT.contains(name) && !name.equals("fromkeys"))
                || LIST.contains(name)
                || LOOP.contains(name);
    }

    /** The attribute of the value's type with that name; empty when the type has none. */
    static Optional<Object> find(Object object, String name) {
        Set<String> known =
                switch (object) {
                    case String _ -> CALLABLE_STRING;
                    case DictValue _ -> DICT;
                    case ListValue _ -> LIST;
                    case TupleValue _ -> TUPLE;
                    default -> Set.of();
                };
        if (known.contains(name)) {
            return Optional.of((CallableValue) (arguments, frame) -> call(object, name, arguments, frame));
        }
        boolean changing = (object instanceof DictValue && DICT_CHANGING.contains(name))
                || (object instanceof ListValue && LIST_CHANGING.contains(name));
        if (changing || name.startsWith("__")) {
            return Optional.of(new Undefined("access to attribute %s of '%s' object is unsafe."
                    .formatted(PythonText.quote(name), PythonTypes.nameOf(object))));
        }
        if (isKnownToPythonOnly(object, name)) {
            throw TemplateErrors.evaluation(
                    "attribute '%s' of a %s is not supported".formatted(name, PythonTypes.nameOf(object)));
        }
        return Optional.empty();
    }

    /** Attributes that exist in Python must not be taken for missing ones. */
    private static boolean isKnownToPythonOnly(Object object, String name) {
        return switch (object) {
            case String _ -> OTHER_STRING.contains(name);
            case None _ -> false;
            case SequenceValue _ -> false;
            case DictValue _ -> false;
            default -> !PythonNumbers.isNumber(object) || OF_NUMBERS.contains(name);
        };
    }

    private static Object call(Object object, String name, CallArguments arguments, Frame frame) {
        frame.state().step();
        return switch (object) {
            case String text -> StringMethods.call(text, name, arguments);
            case DictValue dict -> onDict(dict, name, arguments);
            case SequenceValue sequence -> onSequence(sequence, name, arguments);
            default -> throw new IllegalStateException("no methods on " + PythonTypes.nameOf(object));
        };
    }

    private static Object onDict(DictValue dict, String name, CallArguments arguments) {
        Map<Object, Object> members = dict.members();
        if (name.equals("get")) {
            @Nullable Object[] bound = arguments.bind(1, "key", "default");
            Object member = members.get(PythonOperators.lookUpKey(StringMethods.required(bound[0])));
            return member != null ? member : bound[1] == null ? None.NONE : bound[1];
        }
        arguments.requireNone();
        return switch (name) {
            case "items" -> new DictView("dict_items", pairs(members));
            case "keys" -> new DictView("dict_keys", new ArrayList<>(members.keySet()));
            case "values" -> new DictView("dict_values", new ArrayList<>(members.values()));
            case "copy" -> dict;
            default -> throw TemplateErrors.evaluation("method '" + name + "' of a dict is not supported");
        };
    }

    static List<Object> pairs(Map<Object, Object> members) {
        List<Object> pairs = new ArrayList<>(members.size());
        members.forEach((key, value) -> pairs.add(new TupleValue(List.of(key, value))));
        return pairs;
    }

    private static Object onSequence(SequenceValue sequence, String name, CallArguments arguments) {
        if (name.equals("copy")) {
            arguments.requireNone();
            return sequence;
        }
        Object wanted = StringMethods.required(arguments.bind(1, "value")[0]);
        List<Object> items = sequence.items();
        if (name.equals("count")) {
            return items.stream()
                    .filter(item -> PythonOperators.equal(item, wanted))
                    .count();
        }
        for (int i = 0; i < items.size(); i++) {
            if (PythonOperators.equal(items.get(i), wanted)) {
                return (long) i;
            }
        }
        throw TemplateErrors.evaluation("%s is not in list".formatted(PythonText.repr(wanted)));
    }
}
