package dev.reprise.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code object.name} and {@code object[index]} as Jinja2's sandbox looks them up. */
final class Members {
    private Members() {}

    /** {@code object.name}: an attribute of the type first, then a member of that name. */
    static Object attribute(Object object, String name) {
        return switch (object) {
            case Undefined undefined -> throw undefined.failure();
            case NamespaceValue namespace -> orMissing(namespace.members().get(name), object, name);
            case LoopValue loop -> loop.member(name).orElseGet(() -> Undefined.member(object, name));
            default -> {
                Optional<Object> method = Methods.find(object, name);
                Object member =
                        object instanceof DictValue dict ? dict.members().get(name) : null;
                yield method.isPresent() ? method.get() : orMissing(member, object, name);
            }
        };
    }

    private static Object orMissing(@Nullable Object member, Object object, String name) {
        return member == null ? Undefined.member(object, name) : member;
    }

    /** {@code object[index]}: an element or member, or failing that an attribute of the type. */
    static Object item(Object object, Object index) {
        switch (object) {
            case Undefined undefined -> throw undefined.failure();
            case DictValue dict -> {
                boolean hashable = !(index instanceof ListValue) && !(index instanceof DictValue);
                Object member = hashable ? dict.members().get(PythonOperators.lookUpKey(index)) : null;
                if (member != null) {
                    return member;
                }
            }
            case SequenceValue sequence -> {
                if (PythonNumbers.isInteger(index)) {
                    return element(object, sequence.items(), index);
                }
            }
            case RangeValue range -> {
                if (PythonNumbers.isInteger(index)) {
                    return element(object, range.items(), index);
                }
            }
            case String text -> {
                if (PythonNumbers.isInteger(index)) {
                    return character(text, index);
                }
            }
            default -> {}
        }
        if (index instanceof String name) {
            return object instanceof DictValue
                    ? Methods.find(object, name).orElseGet(() -> Undefined.member(object, name))
                    : attribute(object, name);
        }
        return Undefined.element(object, index);
    }

    private static Object element(Object object, List<Object> items, Object index) {
        long at = PythonNumbers.toLong(index);
        long fromStart = at < 0 ? at + items.size() : at;
        return fromStart >= 0 && fromStart < items.size()
                ? items.get((int) fromStart)
                : Undefined.element(object, index);
    }

    private static Object character(String text, Object index) {
        long at = PythonNumbers.toLong(index);
        int length = PythonText.length(text);
        long fromStart = at < 0 ? at + length : at;
        if (fromStart < 0 || fromStart >= length) {
            return Undefined.element(text, index);
        }
        return Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) fromStart)));
    }

    /** What a filter's {@code attribute} argument selects: names or indexes with dots between. */
    static Object path(Object object, Object path) {
        return path(object, path, Optional.empty());
    }

    /** The same, where {@code missing} stands for each part that is not there. */
    static Object path(Object object, Object path, Optional<Object> missing) {
        if (path == None.NONE) {
            return object;
        }
        List<Object> parts = path instanceof String names ? parts(names) : List.of(path);
        Object at = object;
        for (Object part : parts) {
            at = item(at, part);
            at = at instanceof Undefined && missing.isPresent() ? missing.get() : at;
        }
        return at;
    }

    private static List<Object> parts(String names) {
        List<Object> parts = new ArrayList<>();
        for (String part : names.split("\\.", -1)) {
            boolean isIndex =
                    !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            parts.add(isIndex ? (Object) Long.parseLong(part) : part);
        }
        return parts;
    }

    static Map<Object, Object> requireDict(Object value, String callee) {
        if (value instanceof DictValue dict) {
            return dict.members();
        }
        throw value instanceof Undefined undefined
                ? undefined.failure()
                : PythonTypes.typeError("%s needs a dict, not %s".formatted(callee, PythonTypes.nameOf(value)));
    }
}
