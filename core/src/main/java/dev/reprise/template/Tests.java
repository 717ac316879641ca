package dev.reprise.template;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jinja2's tests: what may follow {@code is}. */
final class Tests {
    /** One test. */
    @FunctionalInterface
    interface Test {
        boolean holds(Object value, CallArguments arguments);
    }

    private static final Set<String> NOT_SUPPORTED =
            Set.of("filter", "test", "callable", "sameas", "escaped", "lower", "upper");
    private static final Map<String, Test> TESTS = tests();

    private Tests() {}

    static Optional<Test> find(String name) {
        return Optional.ofNullable(TESTS.get(name));
    }

    static boolean isKnownToJinja(String name) {
        return TESTS.containsKey(name) || NOT_SUPPORTED.contains(name);
    }

    private static Map<String, Test> tests() {
        Map<String, Test> tests = new LinkedHashMap<>();
        tests.put("defined", simple(value -> !(value instanceof Undefined)));
        tests.put("undefined", simple(Undefined.class::isInstance));
        tests.put("none", simple(value -> value == None.NONE));
        tests.put("boolean", simple(Boolean.class::isInstance));
        tests.put("true", simple(Boolean.TRUE::equals));
        tests.put("false", simple(Boolean.FALSE::equals));
        tests.put("string", simple(String.class::isInstance));
        tests.put("number", simple(PythonNumbers::isNumber));
        tests.put("integer", simple(value -> PythonNumbers.isInteger(value) && !(value instanceof Boolean)));
        tests.put("float", simple(Double.class::isInstance));
        tests.put("mapping", simple(DictValue.class::isInstance));
        tests.put("iterable", simple(Sequences::isIterable));
        tests.put("sequence", simple(Tests::isSequence));
        tests.put(
                "odd",
                simple(value ->
                        remainder(value, 2L).equals(1L) || remainder(value, 2L).equals(1.0)));
        tests.put("even", simple(value -> PythonOperators.equal(remainder(value, 2L), 0L)));
        tests.put(
                "divisibleby",
                (value, arguments) -> PythonOperators.equal(remainder(value, argument(arguments, "num")), 0L));
        tests.put("in", (value, arguments) -> PythonOperators.contains(argument(arguments, "seq"), value));
        alias(
                tests,
                (value, arguments) -> PythonOperators.equal(value, argument(arguments, "b")),
                "==",
                "eq",
                "equalto");
        alias(tests, (value, arguments) -> !PythonOperators.equal(value, argument(arguments, "b")), "!=", "ne");
        alias(tests, order(">"), ">", "gt", "greaterthan");
        alias(tests, order(">="), ">=", "ge");
        alias(tests, order("<"), "<", "lt", "lessthan");
        alias(tests, order("<="), "<=", "le");
        return tests;
    }

    private static void alias(Map<String, Test> tests, Test test, String... names) {
        for (String name : names) {
            tests.put(name, test);
        }
    }

    private static Test simple(java.util.function.Predicate<Object> predicate) {
        return (value, arguments) -> {
            arguments.requireNone();
            return predicate.test(value);
        };
    }

    private static Test order(String operator) {
        return (value, arguments) -> PythonOperators.ordered(operator, value, argument(arguments, "b"));
    }

    private static Object argument(CallArguments arguments, String name) {
        return StringMethods.required(arguments.bind(1, name)[0]);
    }

    private static Object remainder(Object value, Object divisor) {
        return PythonOperators.binary("%", value, divisor);
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof SequenceValue
                || value instanceof DictValue
                || value instanceof RangeValue
                || value instanceof Undefined;
    }
}
