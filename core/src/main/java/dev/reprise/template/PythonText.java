package dev.reprise.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Python's {@code str}: printing, representation and the methods that do not depend on other types. */
final class PythonText {
    private PythonText() {}

    static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 0x1C && c <= 0x20)
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    static boolean isBlank(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static String strip(String text) {
        return stripStart(stripEnd(text));
    }

    static String stripStart(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    static String stripStart(String text, String characters) {
        int start = 0;
        while (start < text.length() && characters.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    static String stripEnd(String text, String characters) {
        int end = text.length();
        while (end > 0 && characters.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return titleCase(text.substring(0, first)) + lower(text.substring(first));
    }

    /** Title case of one character: the upper case of most, but not of ligatures and digraphs. */
    private static String titleCase(String character) {
        int title = Character.toTitleCase(character.codePointAt(0));
        String upper = upper(character);
        return upper.codePointCount(0, upper.length()) == 1 ? Character.toString(title) : capitalizeLigature(upper);
    }

    private static String capitalizeLigature(String upper) {
        int first = upper.offsetByCodePoints(0, 1);
        return upper.substring(0, first) + lower(upper.substring(first));
    }

    /** Lines as {@code splitlines} cuts them, without their ends. */
    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!isLineEnd(c)) {
                at++;
                continue;
            }
            int end = at;
            at += c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n' ? 2 : 1;
            lines.add(text.substring(start, keepEnds ? at : end));
            start = at;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static boolean isLineEnd(char c) {
        return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** {@code str(value)}. */
    static String str(Object value) {
        return switch (value) {
            case String text -> text;
            case Undefined _ -> "";
            default -> repr(value);
        };
    }

    /** {@code repr(value)}; values that Python prints with an address fail. */
    static String repr(Object value) {
        StringBuilder out = new StringBuilder();
        appendRepr(value, out, 0);
        return out.toString();
    }

    private static void appendRepr(Object value, StringBuilder out, int depth) {
        RenderState.checkText(out.length());
        if (depth > PythonJson.MAX_DEPTH) {
            throw TemplateErrors.evaluation("a value is nested deeper than " + PythonJson.MAX_DEPTH);
        }
        switch (value) {
            case String text -> appendQuoted(text, out);
            case Boolean b -> out.append(b ? "True" : "False");
            case Double d -> out.append(PythonNumbers.repr(d));
            case Number n -> out.append(n);
            case None _ -> out.append("None");
            case Undefined _ -> out.append("Undefined");
            case ListValue list -> appendItems("[", list.items(), "]", out, depth);
            case TupleValue tuple ->
                appendItems("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out, depth);
            case DictView view -> appendItems(view.name() + "([", view.items(), "])", out, depth);
            case DictValue dict -> appendMembers(dict.members(), out, depth);
            case RangeValue range -> appendRange(range, out);
            default ->
                throw TemplateErrors.evaluation("printing a %s is not supported".formatted(PythonTypes.nameOf(value)));
        }
    }

    private static void appendRange(RangeValue range, StringBuilder out) {
        out.append("range(").append(range.start()).append(", ").append(range.stop());
        if (range.step() != 1) {
            out.append(", ").append(range.step());
        }
        out.append(')');
    }

    private static void appendItems(String open, List<Object> items, String close, StringBuilder out, int depth) {
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            appendRepr(items.get(i), out, depth + 1);
        }
        out.append(close);
    }

    private static void appendMembers(Map<Object, Object> members, StringBuilder out, int depth) {
        out.append('{');
        String separator = "";
        for (Map.Entry<Object, Object> member : members.entrySet()) {
            out.append(separator);
            appendRepr(member.getKey(), out, depth + 1);
            out.append(": ");
            appendRepr(member.getValue(), out, depth + 1);
            separator = ", ";
        }
        out.append('}');
    }

    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        appendQuoted(text, out);
        return out.toString();
    }

    private static void appendQuoted(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> appendEscaped(c, quote, out));
        out.append(quote);
    }

    private static void appendEscaped(int c, char quote, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
                if (c == quote) {
                    out.append('\\').append(quote);
                } else if (isPrintable(c)) {
                    out.appendCodePoint(c);
                } else {
                    out.append(
                            c < 0x100
                                    ? "\\x%02x".formatted(c)
                                    : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
                }
            }
        }
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** Order by code points, which UTF-16 order is not. */
    static int compare(String left, String right) {
        int i = 0;
        int shared = Math.min(left.length(), right.length());
        while (i < shared && left.charAt(i) == right.charAt(i)) {
            i++;
        }
        if (i == shared) {
            return Integer.compare(left.length(), right.length());
        }
        char a = left.charAt(i);
        char b = right.charAt(i);
        if (Character.isSurrogate(a) != Character.isSurrogate(b)) {
            return Character.isSurrogate(a) ? 1 : -1;
        }
        return Character.compare(a, b);
    }
}
