package dev.reprise.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that make numbers. */
final class NumberFilters {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+(_[0-9]+)*");
    private static final Pattern FLOAT = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final int MAX_DIGITS = 4300;

    private NumberFilters() {}

    static Object toInt(Object value, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(0, "default", "base");
        if (bound[1] != null && !bound[1].equals(10L)) {
            throw TemplateErrors.evaluation("int with a base other than 10 is not supported");
        }
        Object fallback = bound[0] == null ? (Object) 0L : bound[0];
        return switch (value) {
            case Undefined undefined -> throw undefined.failure();
            case Double d -> truncate(d).orElse(fallback);
            case String text -> parse(text).orElse(fallback);
            default -> PythonNumbers.isNumber(value) ? PythonNumbers.integer(PythonNumbers.toBig(value)) : fallback;
        };
    }

    private static Optional<Object> parse(String text) {
        String digits = PythonText.strip(text);
        if (digits.length() <= MAX_DIGITS && INTEGER.matcher(digits).matches()) {
            return Optional.of(
                    PythonNumbers.integer(new BigInteger(digits.replace("_", "").replaceFirst("^\\+", ""))));
        }
        return parseFloat(text).flatMap(NumberFilters::truncate);
    }

    private static Optional<Object> truncate(double value) {
        return Double.isFinite(value)
                ? Optional.of(PythonNumbers.integer(new BigDecimal(value).toBigInteger()))
                : Optional.empty();
    }

    static Object toFloat(Object value, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(0, "default");
        Object fallback = bound[0] == null ? (Object) 0.0 : bound[0];
        return switch (value) {
            case Undefined undefined -> throw undefined.failure();
            case String text -> parseFloat(text).<Object>map(d -> d).orElse(fallback);
            default -> PythonNumbers.isNumber(value) ? (Object) PythonNumbers.toDouble(value) : fallback;
        };
    }

    private static Optional<Double> parseFloat(String text) {
        String digits = PythonText.strip(text);
        if (FLOAT.matcher(digits).matches()) {
            return Optional.of(Double.parseDouble(digits));
        }
        return switch (PythonText.lower(digits.replaceFirst("^[+-]", ""))) {
            case "inf", "infinity" ->
                Optional.of(digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
            case "nan" -> Optional.of(Double.NaN);
            default -> Optional.empty();
        };
    }

    static Object abs(Object value, CallArguments arguments) {
        arguments.requireNone();
        if (value instanceof Double d) {
            return Math.abs(d);
        }
        if (!PythonNumbers.isNumber(value)) {
            throw PythonTypes.typeError("bad operand type for abs(): '" + PythonTypes.nameOf(value) + "'");
        }
        return PythonNumbers.integer(PythonNumbers.toBig(value).abs());
    }

    static Object round(Object value, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(0, "precision", "method");
        long precision = bound[0] == null ? 0 : PythonNumbers.toLong(bound[0]);
        Object method = bound[1] == null ? "common" : bound[1];
        if (!PythonNumbers.isNumber(value) || Math.abs(precision) > 300) {
            throw TemplateErrors.evaluation("round: only of a number, to at most 300 digits");
        }
        if (method.equals("floor") || method.equals("ceil")) {
            return roundTo(PythonNumbers.toDouble(value), precision, method.equals("floor"));
        }
        if (!method.equals("common")) {
            throw TemplateErrors.evaluation("method must be common, ceil or floor");
        }
        if (value instanceof Double d) {
            return Double.isFinite(d)
                    ? new BigDecimal(d)
                            .setScale((int) precision, RoundingMode.HALF_EVEN)
                            .doubleValue()
                    : d;
        }
        return PythonNumbers.integer(new BigDecimal(PythonNumbers.toBig(value))
                .setScale((int) Math.min(0, precision), RoundingMode.HALF_EVEN)
                .toBigInteger());
    }

    private static double roundTo(double value, long precision, boolean down) {
        double scale = precision >= 0 && precision <= 15 ? Math.pow(10, (double) precision) : Double.NaN;
        double scaled = value * scale;
        if (!(Math.abs(scaled) < 1L << 53)) {
            throw TemplateErrors.evaluation("round: up or down only with 0 to 15 digits, of numbers below 2^53");
        }
        return (down ? Math.floor(scaled) : Math.ceil(scaled)) / scale;
    }
}
