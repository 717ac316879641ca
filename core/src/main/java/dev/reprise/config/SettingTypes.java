package dev.reprise.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of settings. */
public final class SettingTypes {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,18})\\s*([a-zA-Z]*)");
    private static final Map<String, Duration> DURATION_UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));
    private static final Map<String, Long> BYTE_UNITS =
            Map.of("b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30, "tib", 1L << 40);
    private static final List<String> BYTE_UNIT_NAMES = List.of("TiB", "GiB", "MiB", "KiB");

    private SettingTypes() {}

    /** Text that is not blank. */
    public static SettingType<String> text() {
        return new Parsed<>("text", "a text that is not empty", SettingTypes::notBlank, Function.identity());
    }

    /** Text that is not blank, of at most {@code maximum} characters. */
    public static SettingType<String> text(int maximum) {
        return new Parsed<>(
                "text",
                "a text of 1 to %d characters".formatted(maximum),
                value -> notLonger(notBlank(value), maximum),
                Function.identity());
    }

    /** A file or folder; whether it exists is checked by who reads it. */
    public static SettingType<Path> path() {
        return new Parsed<>("path", "a path", value -> Path.of(notBlank(value)), Path::toString);
    }

    /** {@code true} or {@code false}. */
    public static SettingType<Boolean> bool() {
        return new Parsed<>("boolean", "true or false", SettingTypes::parseBoolean, String::valueOf);
    }

    /** A whole number, both bounds included. */
    public static SettingType<Integer> integer(int minimum, int maximum) {
        return new Parsed<>(
                "integer",
                "an integer from %d to %d".formatted(minimum, maximum),
                value -> parseInteger(value, minimum, maximum),
                String::valueOf);
    }

    /** A multiple of {@code step}, both bounds included. */
    public static SettingType<Integer> multipleOf(int step, int minimum, int maximum) {
        return new Parsed<>(
                "integer",
                "a multiple of %d from %d to %d".formatted(step, minimum, maximum),
                value -> parseMultiple(value, step, minimum, maximum),
                String::valueOf);
    }

    /** A decimal number, both bounds included. */
    public static SettingType<Double> decimal(double minimum, double maximum) {
        return new Parsed<>(
                "number",
                "a number from %s to %s".formatted(minimum, maximum),
                value -> parseDecimal(value, minimum, maximum),
                String::valueOf);
    }

    /** A time span such as {@code 500ms}, {@code 25s}, {@code 10m} or {@code 2h}, both bounds included. */
    public static SettingType<Duration> duration(Duration minimum, Duration maximum) {
        return new Parsed<>(
                "duration",
                "a duration from %s to %s, such as 500ms, 25s, 10m or 2h"
                        .formatted(formatDuration(minimum), formatDuration(maximum)),
                value -> inRange(parseDuration(value), minimum, maximum),
                SettingTypes::formatDuration);
    }

    /** A number of bytes such as {@code 512MiB} or {@code 4GiB}, both bounds included. */
    public static SettingType<Long> bytes(long minimum, long maximum) {
        return new Parsed<>(
                "bytes",
                "a size from %s to %s, such as 65536, 512MiB or 4GiB"
                        .formatted(formatBytes(minimum), formatBytes(maximum)),
                value -> inRange(parseBytes(value), minimum, maximum),
                SettingTypes::formatBytes);
    }

    /** One of the constants of {@code type}, written in lower case. */
    public static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
        E[] constants = type.getEnumConstants();
        List<String> names =
                Arrays.stream(constants).map(SettingTypes::lowerCase).toList();
        return new Parsed<>(
                String.join("|", names),
                "one of " + String.join(", ", names),
                value -> parseChoice(value, constants),
                SettingTypes::lowerCase);
    }

    private record Parsed<T>(String name, String allowed, Function<String, T> parser, Function<T, String> formatter)
            implements SettingType<T> {
        @Override
        public T parse(String text) {
            return parser.apply(text.strip());
        }

        @Override
        public String format(T value) {
            return formatter.apply(value);
        }
    }

    private static String notBlank(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("is empty");
        }
        return value;
    }

    private static String notLonger(String value, int maximum) {
        if (value.length() > maximum) {
            throw new IllegalArgumentException("is too long");
        }
        return value;
    }

    private static boolean parseBoolean(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw new IllegalArgumentException("is not a boolean");
        };
    }

    private static int parseInteger(String value, int minimum, int maximum) {
        try {
            long number = Long.parseLong(value);
            return inRange(number, (long) minimum, (long) maximum).intValue();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not an integer", e);
        }
    }

    private static int parseMultiple(String value, int step, int minimum, int maximum) {
        int number = parseInteger(value, minimum, maximum);
        if (number % step != 0) {
            throw new IllegalArgumentException("is not a multiple of " + step);
        }
        return number;
    }

    private static double parseDecimal(String value, double minimum, double maximum) {
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a number", e);
        }
        if (Double.isNaN(number)) {
            throw new IllegalArgumentException("is not a number");
        }
        return inRange(number, minimum, maximum);
    }

    private static Duration parseDuration(String value) {
        Matcher matcher = QUANTITY.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a duration");
        }
        Duration unit = DURATION_UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT));
        if (unit == null) {
            throw new IllegalArgumentException("has no unit of time (ms, s, m or h)");
        }
        try {
            return unit.multipliedBy(Long.parseLong(matcher.group(1)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is out of range", e);
        }
    }

    private static long parseBytes(String value) {
        Matcher matcher = QUANTITY.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a size in bytes");
        }
        String unit = matcher.group(2).toLowerCase(Locale.ROOT);
        Optional<Long> factor = unit.isEmpty() ? Optional.of(1L) : Optional.ofNullable(BYTE_UNITS.get(unit));
        try {
            return Math.multiplyExact(
                    Long.parseLong(matcher.group(1)),
                    factor.orElseThrow(
                            () -> new IllegalArgumentException("has an unknown unit (B, KiB, MiB, GiB or TiB)")));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is out of range", e);
        }
    }

    private static <E extends Enum<E>> E parseChoice(String value, E[] constants) {
        return Arrays.stream(constants)
                .filter(constant -> lowerCase(constant).equals(value.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not a choice"));
    }

    private static <C extends Comparable<C>> C inRange(C value, C minimum, C maximum) {
        if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
            throw new IllegalArgumentException("is out of range");
        }
        return value;
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String formatDuration(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static String formatBytes(long bytes) {
        for (String unit : BYTE_UNIT_NAMES) {
            long factor = BYTE_UNITS.getOrDefault(unit.toLowerCase(Locale.ROOT), 1L);
            if (bytes >= factor && bytes % factor == 0) {
                return bytes / factor + unit;
            }
        }
        return bytes + "B";
    }
}
