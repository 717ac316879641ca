package dev.reprise.template;

/** Python's escapes in string literals; unknown ones stand for themselves. */
final class StringEscapes {
    private static final String SIMPLE = "abfnrtv\\'\"";
    private static final String SIMPLE_VALUES = "\u0007\b\f\n\r\t\u000B\\'\"";

    private StringEscapes() {}

    static String decode(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder out = new StringBuilder(literal.length());
        int at = 0;
        while (at < literal.length()) {
            char c = literal.charAt(at++);
            if (c == '\\') {
                at = escape(literal, at, line, out);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Decodes the escape whose letter is at {@code at}; returns where the literal goes on. */
    private static int escape(String literal, int at, int line, StringBuilder out) {
        char c = literal.charAt(at);
        int simple = SIMPLE.indexOf(c);
        if (simple >= 0) {
            out.append(SIMPLE_VALUES.charAt(simple));
            return at + 1;
        }
        return switch (c) {
            case '\n' -> at + 1;
            case 'x' -> hex(literal, at + 1, 2, line, out);
            case 'u' -> hex(literal, at + 1, 4, line, out);
            case 'U' -> hex(literal, at + 1, 8, line, out);
            case 'N' -> throw TemplateErrors.unsupported(line, "escape '\\N'");
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(literal, at, out);
            default -> {
                out.append('\\').append(c);
                yield at + 1;
            }
        };
    }

    private static int hex(String literal, int from, int digits, int line, StringBuilder out) {
        int end = from + digits;
        if (end > literal.length() || !literal.substring(from, end).matches("[0-9a-fA-F]+")) {
            throw TemplateErrors.syntax(line, "truncated escape in a string");
        }
        long value = Long.parseLong(literal.substring(from, end), 16);
        if (value > Character.MAX_CODE_POINT) {
            throw TemplateErrors.syntax(line, "escape beyond Unicode in a string");
        }
        out.appendCodePoint((int) value);
        return end;
    }

    private static int octal(String literal, int from, StringBuilder out) {
        int end = from;
        while (end < literal.length() && end < from + 3 && literal.charAt(end) >= '0' && literal.charAt(end) <= '7') {
            end++;
        }
        out.append((char) Integer.parseInt(literal.substring(from, end), 8));
        return end;
    }
}
