package dev.reprise.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Iterating, measuring and slicing values as Python does. */
final class Sequences {
    private Sequences() {}

    static boolean isIterable(Object value) {
        return value instanceof String
                || value instanceof SequenceValue
                || value instanceof DictValue
                || value instanceof DictView
                || value instanceof RangeValue
                || value instanceof GeneratorValue
                || value instanceof LoopValue
                || value instanceof Undefined;
    }

    static Iterator<Object> iterate(Object value) {
        return value instanceof GeneratorValue generator
                ? generator.items()
                : items(value).iterator();
    }

    /** All items; a generator is used up. */
    static List<Object> items(Object value) {
        return switch (value) {
            case SequenceValue sequence -> sequence.items();
            case String text -> PythonText.characters(text);
            case DictValue dict -> new ArrayList<>(dict.members().keySet());
            case DictView view -> view.items();
            case RangeValue range -> range.items();
            case Undefined _ -> List.of();
            case GeneratorValue generator -> {
                List<Object> items = new ArrayList<>();
                generator.items().forEachRemaining(items::add);
                yield items;
            }
            default -> throw notIterable(value);
        };
    }

    static TemplateException notIterable(Object value) {
        return PythonTypes.typeError("'%s' object is not iterable".formatted(PythonTypes.nameOf(value)));
    }

    /** {@code len(value)}. */
    static int length(Object value) {
        return switch (value) {
            case String text -> PythonText.length(text);
            case SequenceValue sequence -> sequence.items().size();
            case DictValue dict -> dict.members().size();
            case DictView view -> view.items().size();
            case RangeValue range -> range.size();
            case LoopValue loop -> loop.length();
            case Undefined _ -> 0;
            default ->
                throw PythonTypes.typeError("object of type '%s' has no len()".formatted(PythonTypes.nameOf(value)));
        };
    }

    /** What {@code value[start:stop:step]} selects; {@link None} for a part left out. */
    static Object slice(Object value, Object start, Object stop, Object step) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        return switch (value) {
            case String text -> String.join("", strings(select(PythonText.characters(text), start, stop, step)));
            case ListValue list -> new ListValue(select(list.items(), start, stop, step));
            case TupleValue tuple -> new TupleValue(select(tuple.items(), start, stop, step));
            case RangeValue _ -> throw TemplateErrors.evaluation("a slice of a range is not supported");
            default -> throw PythonTypes.typeError("'%s' object cannot be sliced".formatted(PythonTypes.nameOf(value)));
        };
    }

    private static List<String> strings(List<Object> items) {
        return items.stream().map(String.class::cast).toList();
    }

    private static List<Object> select(List<Object> items, Object start, Object stop, Object step) {
        int size = items.size();
        long stride = step == None.NONE ? 1 : bound(step);
        if (stride == 0) {
            throw TemplateErrors.evaluation("slice step cannot be zero");
        }
        if (stride > 0) {
            long from = start == None.NONE ? 0 : clamp(bound(start), size, 0, size);
            long to = stop == None.NONE ? size : clamp(bound(stop), size, 0, size);
            if (stride == 1) {
                return from < to ? items.subList((int) from, (int) to) : List.of();
            }
            return forward(items, from, to, stride);
        }
        long from = start == None.NONE ? size - 1L : clamp(bound(start), size, -1, size - 1L);
        long to = stop == None.NONE ? -1 : clamp(bound(stop), size, -1, size - 1L);
        List<Object> selected = new ArrayList<>();
        for (long i = from; i > to; i += stride) {
            selected.add(items.get((int) i));
        }
        return selected;
    }

    private static List<Object> forward(List<Object> items, long from, long to, long stride) {
        List<Object> selected = new ArrayList<>();
        for (long i = from; i < to; i += Math.min(stride, items.size())) {
            selected.add(items.get((int) i));
        }
        return selected;
    }

    private static long bound(Object value) {
        if (!PythonNumbers.isInteger(value)) {
            throw value instanceof Undefined undefined
                    ? undefined.failure()
                    : PythonTypes.typeError("slice indices must be integers or None");
        }
        long bound = PythonNumbers.toLong(value);
        return Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, bound));
    }

    private static long clamp(long index, int size, long lowest, long highest) {
        long fromStart = index < 0 ? index + size : index;
        return Math.max(lowest, Math.min(highest, fromStart));
    }

    /** {@code items * count}. */
    static List<Object> repeat(List<Object> items, Object count, int most) {
        long times = Math.max(
                0,
                PythonNumbers.toBig(count)
                        .min(BigInteger.valueOf(Integer.MAX_VALUE))
                        .longValue());
        if (times * items.size() > most) {
            throw TemplateErrors.evaluation("a repeated list has more than " + most + " items");
        }
        List<Object> repeated = new ArrayList<>();
        for (long i = 0; i < times; i++) {
            repeated.addAll(items);
        }
        return repeated;
    }
}
