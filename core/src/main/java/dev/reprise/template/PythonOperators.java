package dev.reprise.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's operators over template values. */
final class PythonOperators {
    private static final int MAX_ITEMS = 1_000_000;

    private PythonOperators() {}

    static boolean equal(Object left, Object right) {
        return switch (left) {
            case Undefined _ -> right instanceof Undefined;
            case ListValue a -> right instanceof ListValue b && equal(a.items(), b.items());
            case TupleValue a -> right instanceof TupleValue b && equal(a.items(), b.items());
            case DictValue a -> right instanceof DictValue b && equal(a.members(), b.members());
            case RangeValue a -> right instanceof RangeValue b && a.items().equals(b.items());
            default ->
                (PythonNumbers.isNumber(left) && PythonNumbers.isNumber(right))
                        ? numbersEqual(left, right)
                        : left.equals(right);
        };
    }

    private static boolean numbersEqual(Object left, Object right) {
        boolean comparable = !PythonNumbers.isNaN(left) && !PythonNumbers.isNaN(right);
        boolean zeros = left instanceof Double a && right instanceof Double b && a == 0 && b == 0;
        return comparable && (zeros || PythonNumbers.compare(left, right) == 0);
    }

    private static boolean equal(List<Object> left, List<Object> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equal(Map<Object, Object> left, Map<Object, Object> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<Object, Object> member : left.entrySet()) {
            Object other = right.get(member.getKey());
            if (other == null || !equal(member.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** {@code left operator right} for the four order operators. */
    static boolean ordered(String operator, Object left, Object right) {
        if (PythonNumbers.isNaN(left) || PythonNumbers.isNaN(right)) {
            return false;
        }
        int order = compare(operator, left, right);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** Order of two values; {@code operator} is what an error message names. */
    static int compare(String operator, Object left, Object right) {
        failIfUndefined(left);
        failIfUndefined(right);
        if (PythonNumbers.isNumber(left) && PythonNumbers.isNumber(right)) {
            return PythonNumbers.compare(left, right);
        }
        if (left instanceof String a && right instanceof String b) {
            return PythonText.compare(a, b);
        }
        if (left instanceof SequenceValue a && right instanceof SequenceValue b && a.getClass() == b.getClass()) {
            return compare(operator, a.items(), b.items());
        }
        throw PythonTypes.typeError("'%s' not supported between instances of '%s' and '%s'"
                .formatted(operator, PythonTypes.nameOf(left), PythonTypes.nameOf(right)));
    }

    private static int compare(String operator, List<Object> left, List<Object> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return compare(operator, left.get(i), right.get(i));
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    static boolean contains(Object container, Object item) {
        return switch (container) {
            case String text -> contains(text, item);
            case DictValue dict -> dict.members().containsKey(lookUpKey(item));
            default -> {
                if (!Sequences.isIterable(container)) {
                    throw PythonTypes.typeError(
                            "argument of type '%s' is not iterable".formatted(PythonTypes.nameOf(container)));
                }
                yield containsByIterating(Sequences.iterate(container), item);
            }
        };
    }

    private static boolean contains(String text, Object item) {
        if (item instanceof String part) {
            return text.contains(part);
        }
        throw PythonTypes.typeError("'in <string>' requires string as left operand, not " + PythonTypes.nameOf(item));
    }

    private static boolean containsByIterating(Iterator<Object> items, Object item) {
        while (items.hasNext()) {
            if (equal(item, items.next())) {
                return true;
            }
        }
        return false;
    }

    /** The key under which a dict would hold {@code key}; one that is never there for types it cannot hold. */
    static Object lookUpKey(Object key) {
        return switch (key) {
            case Boolean b -> b ? 1L : 0L;
            case Double d -> d == Math.rint(d) && Math.abs(d) < 1L << 53 ? (Object) d.longValue() : d;
            case ListValue _ -> throw PythonTypes.typeError("unhashable type: 'list'");
            case DictValue _ -> throw PythonTypes.typeError("unhashable type: 'dict'");
            default -> key;
        };
    }

    static Object binary(String operator, Object left, Object right) {
        failIfUndefined(left);
        failIfUndefined(right);
        if (PythonNumbers.isNumber(left) && PythonNumbers.isNumber(right)) {
            return PythonNumbers.arithmetic(operator, left, right);
        }
        return switch (operator) {
            case "+" -> add(left, right);
            case "*" -> multiply(left, right);
            case "%" -> {
                if (left instanceof String) {
                    throw TemplateErrors.evaluation("formatting a text with '%' is not supported");
                }
                throw unsupported(operator, left, right);
            }
            default -> throw unsupported(operator, left, right);
        };
    }

    private static Object add(Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            RenderState.checkText((long) a.length() + b.length());
            return a.concat(b);
        }
        if (left instanceof ListValue a && right instanceof ListValue b) {
            return new ListValue(concatenate(a.items(), b.items()));
        }
        if (left instanceof TupleValue a && right instanceof TupleValue b) {
            return new TupleValue(concatenate(a.items(), b.items()));
        }
        if (left instanceof String) {
            throw PythonTypes.typeError(
                    "can only concatenate str (not \"%s\") to str".formatted(PythonTypes.nameOf(right)));
        }
        throw unsupported("+", left, right);
    }

    private static List<Object> concatenate(List<Object> left, List<Object> right) {
        if ((long) left.size() + right.size() > MAX_ITEMS) {
            throw TemplateErrors.evaluation("a list has more than " + MAX_ITEMS + " items");
        }
        List<Object> all = new ArrayList<>(left.size() + right.size());
        all.addAll(left);
        all.addAll(right);
        return all;
    }

    private static Object multiply(Object left, Object right) {
        if (PythonNumbers.isInteger(left) && !PythonNumbers.isNumber(right)) {
            return multiply(right, left);
        }
        if (!PythonNumbers.isInteger(right)) {
            throw unsupported("*", left, right);
        }
        return switch (left) {
            case String text -> repeat(text, PythonNumbers.toBig(right));
            case ListValue list -> new ListValue(Sequences.repeat(list.items(), right, MAX_ITEMS));
            case TupleValue tuple -> new TupleValue(Sequences.repeat(tuple.items(), right, MAX_ITEMS));
            default -> throw unsupported("*", left, right);
        };
    }

    private static String repeat(String text, BigInteger count) {
        long times =
                Math.max(0, count.min(BigInteger.valueOf(Integer.MAX_VALUE)).longValue());
        RenderState.checkText(times * text.length());
        return text.isEmpty() ? "" : text.repeat((int) times);
    }

    static Object negative(Object value) {
        return PythonNumbers.negate(numeric("-", value));
    }

    static Object positive(Object value) {
        Object number = numeric("+", value);
        return number instanceof Double ? number : PythonNumbers.integer(PythonNumbers.toBig(number));
    }

    private static Object numeric(String operator, Object value) {
        failIfUndefined(value);
        if (!PythonNumbers.isNumber(value)) {
            throw PythonTypes.typeError(
                    "bad operand type for unary %s: '%s'".formatted(operator, PythonTypes.nameOf(value)));
        }
        return value;
    }

    private static void failIfUndefined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
    }

    private static TemplateException unsupported(String operator, Object left, Object right) {
        return PythonTypes.typeError("unsupported operand type(s) for %s: '%s' and '%s'"
                .formatted(operator, PythonTypes.nameOf(left), PythonTypes.nameOf(right)));
    }
}
