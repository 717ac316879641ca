package dev.reprise.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of Python's {@code str}. */
final class StringMethods {
    private StringMethods() {}

    static Object call(String text, String name, CallArguments arguments) {
        return switch (name) {
            case "strip", "lstrip", "rstrip" -> strip(text, name, arguments.bind(0, "chars")[0]);
            case "startswith" -> affix(text, arguments, String::startsWith);
            case "endswith" -> affix(text, arguments, String::endsWith);
            case "split", "rsplit" -> split(text, name.equals("rsplit"), arguments);
            case "splitlines" -> {
                Object keep = arguments.bind(0, "keepends")[0];
                yield new ListValue(PythonText.lines(text, keep != null && PythonTypes.isTrue(keep)));
            }
            case "upper" -> {
                arguments.requireNone();
                yield PythonText.upper(text);
            }
            case "lower" -> {
                arguments.requireNone();
                yield PythonText.lower(text);
            }
            case "capitalize" -> {
                arguments.requireNone();
                yield PythonText.capitalize(text);
            }
            case "isdigit", "isspace" -> {
                arguments.requireNone();
                yield name.equals("isspace") ? !text.isEmpty() && PythonText.isBlank(text, 0) : isDigit(text);
            }
            case "replace" -> replace(text, arguments);
            case "find", "rfind", "index", "count" -> search(text, name, arguments);
            case "join" -> join(text, Sequences.iterate(required(arguments.bind(1, "iterable")[0])));
            case "removeprefix" -> {
                String prefix = string(arguments.bind(1, "prefix")[0], name);
                yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = string(arguments.bind(1, "suffix")[0], name);
                yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
            }
            default -> throw TemplateErrors.evaluation("method '" + name + "' is not supported");
        };
    }

    static Object required(@Nullable Object argument) {
        return Objects.requireNonNull(argument, "bound argument");
    }

    private static String string(@Nullable Object value, String callee) {
        if (value instanceof String text) {
            return text;
        }
        throw PythonTypes.typeError(
                "%s needs a str, not %s".formatted(callee, PythonTypes.nameOf(value == null ? None.NONE : value)));
    }

    static String strip(String text, String name, @Nullable Object characters) {
        boolean start = !name.equals("rstrip");
        boolean end = !name.equals("lstrip");
        if (characters == null || characters == None.NONE) {
            String stripped = start ? PythonText.stripStart(text) : text;
            return end ? PythonText.stripEnd(stripped) : stripped;
        }
        String set = string(characters, name);
        String stripped = start ? PythonText.stripStart(text, set) : text;
        return end ? PythonText.stripEnd(stripped, set) : stripped;
    }

    private static boolean affix(String text, CallArguments arguments, BiPredicate<String, String> has) {
        Object affix = required(arguments.bind(1, "affix")[0]);
        if (affix instanceof TupleValue tuple) {
            return tuple.items().stream().anyMatch(item -> has.test(text, string(item, arguments.callee())));
        }
        return has.test(text, string(affix, arguments.callee()));
    }

    private static boolean isDigit(String text) {
        if (text.chars().anyMatch(c -> c >= 0x80)) {
            throw TemplateErrors.evaluation("isdigit beyond ASCII is not supported");
        }
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Object split(String text, boolean fromEnd, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(0, "sep", "maxsplit");
        long most = bound[1] == null ? -1 : PythonNumbers.toLong(bound[1]);
        long limit = most < 0 ? Long.MAX_VALUE : most;
        Object separator = bound[0] == null ? None.NONE : bound[0];
        List<Object> parts = separator == None.NONE
                ? splitAtSpace(text, fromEnd, limit)
                : splitAt(text, string(separator, arguments.callee()), fromEnd, limit);
        return new ListValue(parts);
    }

    private static List<Object> splitAt(String text, String separator, boolean fromEnd, long limit) {
        if (separator.isEmpty()) {
            throw TemplateErrors.evaluation("empty separator");
        }
        return fromEnd ? splitFromEnd(text, separator, limit) : splitFromStart(text, separator, limit);
    }

    private static List<Object> splitFromStart(String text, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0 && parts.size() < limit; at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static List<Object> splitFromEnd(String text, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        while (parts.size() < limit) {
            int at = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
            if (at < 0) {
                break;
            }
            parts.add(text.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    private static List<Object> splitAtSpace(String text, boolean fromEnd, long limit) {
        if (fromEnd && limit != Long.MAX_VALUE) {
            throw TemplateErrors.evaluation("rsplit at white space with a limit is not supported");
        }
        List<Object> parts = new ArrayList<>();
        int at = skipSpace(text, 0);
        while (at < text.length()) {
            if (parts.size() >= limit) {
                parts.add(PythonText.stripEnd(text.substring(at)));
                break;
            }
            int end = at;
            while (end < text.length() && !PythonText.isSpace(text.charAt(end))) {
                end++;
            }
            parts.add(text.substring(at, end));
            at = skipSpace(text, end);
        }
        return parts;
    }

    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && PythonText.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static Object replace(String text, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(2, "old", "new", "count");
        long count = bound[2] == null ? -1 : PythonNumbers.toLong(bound[2]);
        return replace(text, string(bound[0], "replace"), string(bound[1], "replace"), count);
    }

    /** The first {@code count} occurrences replaced, all when it is negative. */
    static String replace(String text, String old, String replacement, long count) {
        if (count == 0 || (old.isEmpty() && count > 0)) {
            if (count == 0) {
                return text;
            }
            throw TemplateErrors.evaluation("replacing an empty text a limited number of times is not supported");
        }
        StringBuilder out = new StringBuilder();
        if (old.isEmpty()) {
            text.codePoints().forEach(c -> out.append(replacement).appendCodePoint(c));
            return out.append(replacement).toString();
        }
        int start = 0;
        long left = count < 0 ? Long.MAX_VALUE : count;
        for (int at = text.indexOf(old); at >= 0 && left > 0; at = text.indexOf(old, start)) {
            out.append(text, start, at).append(replacement);
            RenderState.checkText(out.length());
            start = at + old.length();
            left--;
        }
        return out.append(text, start, text.length()).toString();
    }

    private static Object search(String text, String name, CallArguments arguments) {
        String wanted = string(arguments.bind(1, "sub")[0], name);
        if (name.equals("count")) {
            return count(text, wanted);
        }
        int at = name.equals("rfind") ? text.lastIndexOf(wanted) : text.indexOf(wanted);
        if (at < 0 && name.equals("index")) {
            throw TemplateErrors.evaluation("substring not found");
        }
        return at < 0 ? -1L : (long) text.codePointCount(0, at);
    }

    private static long count(String text, String wanted) {
        if (wanted.isEmpty()) {
            return PythonText.length(text) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
            count++;
        }
        return count;
    }

    private static String join(String separator, Iterator<Object> items) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; items.hasNext(); i++) {
            if (!(items.next() instanceof String item)) {
                throw PythonTypes.typeError("sequence item %d: expected str instance".formatted(i));
            }
            out.append(i == 0 ? "" : separator).append(item);
            RenderState.checkText(out.length());
        }
        return out.toString();
    }
}
