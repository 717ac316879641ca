package dev.reprise.openai;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads typed fields of one object; a null member counts as absent, as in vLLM. Every error names the field's path. */
final class Fields {
    private final ObjectNode node;
    private final String path;

    Fields(ObjectNode node) {
        this(node, "");
    }

    private Fields(ObjectNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /** The path of the field {@code name}. */
    String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    Optional<JsonNode> node(String name) {
        @Nullable JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<Fields> object(String name) {
        return node(name).map(value -> {
            if (!(value instanceof ObjectNode object)) {
                throw wrongType(pathOf(name), "an object", value);
            }
            return new Fields(object, pathOf(name));
        });
    }

    ObjectNode json() {
        return node;
    }

    Optional<String> string(String name) {
        return node(name).map(value -> {
            if (!value.isString()) {
                throw wrongType(pathOf(name), "a string", value);
            }
            return value.stringValue();
        });
    }

    boolean flag(String name, boolean whenAbsent) {
        return node(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw wrongType(pathOf(name), "true or false", value);
                    }
                    return value.booleanValue();
                })
                .orElse(whenAbsent);
    }

    OptionalInt integer(String name, int min, int max) {
        OptionalLong value = longInteger(name, min, max);
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    OptionalLong longInteger(String name, long min, long max) {
        Optional<JsonNode> value = node(name);
        return value.isPresent() ? OptionalLong.of(asLong(value.get(), pathOf(name), min, max)) : OptionalLong.empty();
    }

    OptionalDouble number(String name, double min, boolean minIncluded, double max) {
        Optional<JsonNode> found = node(name);
        if (found.isEmpty()) {
            return OptionalDouble.empty();
        }
        JsonNode value = found.get();
        if (!value.isNumber()) {
            throw wrongType(pathOf(name), "a number", value);
        }
        double number = value.doubleValue();
        boolean inside = (minIncluded ? number >= min : number > min) && number <= max;
        if (!inside) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    pathOf(name),
                    "`%s` must be %s %s and at most %s, was %s"
                            .formatted(
                                    pathOf(name),
                                    minIncluded ? "at least" : "above",
                                    plain(min),
                                    plain(max),
                                    Values.show(value)));
        }
        return OptionalDouble.of(number);
    }

    /** A string, or an array of at most {@code limit} strings. */
    List<String> stringOrStrings(String name, int limit) {
        Optional<JsonNode> value = node(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get().isString()) {
            return List.of(value.get().stringValue());
        }
        checkArray(value.get(), pathOf(name), "a string or an array of strings", limit);
        List<String> strings = new ArrayList<>(value.get().size());
        for (int i = 0; i < value.get().size(); i++) {
            JsonNode item = value.get().get(i);
            if (!item.isString()) {
                throw wrongType(pathOf(name) + "[" + i + "]", "a string", item);
            }
            strings.add(item.stringValue());
        }
        return strings;
    }

    /** An array of at most {@code limit} integers of [0, {@link Integer#MAX_VALUE}]. */
    Optional<int[]> tokenIds(String name, int limit) {
        return node(name).map(value -> tokenIds(value, pathOf(name), limit));
    }

    static int[] tokenIds(JsonNode value, String path, int limit) {
        checkArray(value, path, "an array of token ids", limit);
        int[] ids = new int[value.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode item = value.get(i);
            ids[i] = item.isInt() && item.intValue() >= 0
                    ? item.intValue()
                    : (int) asLong(item, path + "[" + i + "]", 0, Integer.MAX_VALUE);
        }
        return ids;
    }

    private static void checkArray(JsonNode value, String path, String expected, int limit) {
        if (!value.isArray()) {
            throw wrongType(path, expected, value);
        }
        if (value.size() > limit) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    path,
                    "`%s` may have at most %d items, has %d".formatted(path, limit, value.size()));
        }
    }

    private static long asLong(JsonNode value, String path, long min, long max) {
        if (!value.isNumber() || !isWhole(value)) {
            throw wrongType(path, "an integer", value);
        }
        BigInteger whole = value.isIntegralNumber()
                ? value.bigIntegerValue()
                : value.decimalValue().toBigInteger();
        if (whole.compareTo(BigInteger.valueOf(min)) < 0 || whole.compareTo(BigInteger.valueOf(max)) > 0) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    path,
                    "`%s` must be an integer from %d to %d, was %s".formatted(path, min, max, Values.show(value)));
        }
        return whole.longValue();
    }

    /** Whether a number such as 12 or 12.0 is whole; beyond 10¹⁸ only integers are. */
    private static boolean isWhole(JsonNode value) {
        if (value.isIntegralNumber()) {
            return true;
        }
        double number = value.doubleValue();
        return Math.abs(number) < 1e18 && number == Math.rint(number);
    }

    static ApiException wrongType(String path, String expected, JsonNode value) {
        return ApiException.of(
                ApiErrorCode.INVALID_TYPE,
                path,
                "`%s` must be %s, was %s: %s".formatted(path, expected, Values.typeName(value), Values.show(value)));
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
