package dev.reprise.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts template source into tokens as Jinja2's lexer does with {@code trim_blocks} and {@code lstrip_blocks} on and
 * {@code keep_trailing_newline} off: all line ends become {@code \n}, one line end at the very end is dropped.
 */
final class Lexer {
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    /** Whether the text before {@link #at} ended a line, so that white space up to a tag is indentation. */
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    /** @throws TemplateException naming the line, when the source cannot be cut into tokens */
    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(normalizeLineEnds(source));
        lexer.run();
        return lexer.tokens;
    }

    private static String normalizeLineEnds(String source) {
        String normalized = source.replace("\r\n", "\n").replace('\r', '\n');
        return normalized.endsWith("\n") ? normalized.substring(0, normalized.length() - 1) : normalized;
    }

    private void run() {
        while (at < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                addData(source.substring(at));
                at = source.length();
            } else {
                tag(tag);
            }
        }
        tokens.add(new Token(TokenKind.END, "", line));
    }

    private int nextTag() {
        for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private void tag(int tag) {
        String text = source.substring(at, tag);
        char type = source.charAt(tag + 1);
        int afterTag = tag + 2;
        char sign = afterTag < source.length() ? source.charAt(afterTag) : ' ';
        boolean signed = sign == '-' || sign == '+';
        addData(strippedBefore(text, signed ? sign : ' ', type == '{'));
        line += countLines(text);
        at = signed ? afterTag + 1 : afterTag;
        lineStarting = false;
        switch (type) {
            case '#' -> comment();
            case '{' -> expression(TokenKind.OUTPUT_BEGIN, TokenKind.OUTPUT_END, "}}");
            default -> {
                if (!raw()) {
                    expression(TokenKind.BLOCK_BEGIN, TokenKind.BLOCK_END, "%}");
                }
            }
        }
    }

    /** The text before a tag, without what {@code -} and {@code lstrip_blocks} take away. */
    private String strippedBefore(String text, char sign, boolean isOutput) {
        if (sign == '-') {
            return PythonText.stripEnd(text);
        }
        if (sign == '+' || isOutput) {
            return text;
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        if (lineStart == 0 && !lineStarting) {
            return text;
        }
        return PythonText.isBlank(text, lineStart) ? text.substring(0, lineStart) : text;
    }

    private void addData(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(TokenKind.DATA, text, line));
        }
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw TemplateErrors.syntax(line, "missing end of comment tag");
        }
        line += countLines(source.substring(at, end));
        char sign = end > at ? source.charAt(end - 1) : ' ';
        at = end + 2;
        endTag(sign, true);
    }

    /** After the end of a tag: {@code -} takes all white space, otherwise one line end goes. */
    private void endTag(char sign, boolean trimsLineEnd) {
        int start = at;
        if (sign == '-') {
            while (at < source.length() && PythonText.isSpace(source.charAt(at))) {
                at++;
            }
        } else if (sign != '+' && trimsLineEnd && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        line += countLines(source.substring(start, at));
        lineStarting = at > start && source.charAt(at - 1) == '\n';
    }

    private boolean raw() {
        int i = skipSpace(at);
        if (!source.startsWith("raw", i)) {
            return false;
        }
        i = skipSpace(i + 3);
        char sign = i < source.length() && source.charAt(i) == '-' ? '-' : ' ';
        if (!source.startsWith("%}", sign == '-' ? i + 1 : i)) {
            return false;
        }
        line += countLines(source.substring(at, i));
        at = (sign == '-' ? i + 1 : i) + 2;
        endTag(sign, false);
        rawBody();
        return true;
    }

    private void rawBody() {
        for (int open = source.indexOf("{%", at); open >= 0; open = source.indexOf("{%", open + 1)) {
            int i = open + 2;
            char before = i < source.length() ? source.charAt(i) : ' ';
            i = skipSpace(before == '-' || before == '+' ? i + 1 : i);
            if (!source.startsWith("endraw", i)) {
                continue;
            }
            i = skipSpace(i + 6);
            char after = i < source.length() ? source.charAt(i) : ' ';
            int close = after == '-' || after == '+' ? i + 1 : i;
            if (source.startsWith("%}", close)) {
                String text = source.substring(at, open);
                addData(strippedBefore(text, before, false));
                line += countLines(source.substring(at, close));
                at = close + 2;
                endTag(after, true);
                return;
            }
        }
        throw TemplateErrors.syntax(line, "missing end of raw directive");
    }

    private void expression(TokenKind begin, TokenKind end, String close) {
        tokens.add(new Token(begin, "", line));
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            skipSpaceInTag();
            if (at >= source.length()) {
                return;
            }
            if (open.isEmpty() && atTagEnd(end, close)) {
                return;
            }
            token(open);
        }
    }

    private boolean atTagEnd(TokenKind end, String close) {
        char sign = source.charAt(at);
        boolean signed = sign == '-' || (sign == '+' && end == TokenKind.BLOCK_END);
        if (!source.startsWith(close, signed ? at + 1 : at)) {
            return false;
        }
        tokens.add(new Token(end, "", line));
        at += signed ? 3 : 2;
        endTag(signed ? sign : ' ', end == TokenKind.BLOCK_END);
        return true;
    }

    private void token(Deque<Character> open) {
        char c = source.charAt(at);
        if (c == '\'' || c == '"') {
            string(c);
        } else if (Character.isDigit(c)) {
            number();
        } else if (c == '_' || Character.isLetter(c)) {
            int end = at;
            while (end < source.length()
                    && (source.charAt(end) == '_' || Character.isLetterOrDigit(source.charAt(end)))) {
                end++;
            }
            add(TokenKind.NAME, end);
        } else {
            operator(open);
        }
    }

    private void operator(Deque<Character> open) {
        String operator = OPERATORS.stream()
                .filter(candidate -> source.startsWith(candidate, at))
                .findFirst()
                .orElseThrow(() -> TemplateErrors.syntax(line, "unexpected char '" + source.charAt(at) + "'"));
        char c = operator.charAt(0);
        if (c == '(' || c == '[' || c == '{') {
            open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
        } else if (c == ')' || c == ']' || c == '}') {
            if (open.isEmpty()) {
                throw TemplateErrors.syntax(line, "unexpected '" + c + "'");
            }
            char expected = open.pop();
            if (expected != c) {
                throw TemplateErrors.syntax(line, "unexpected '%s', expected '%s'".formatted(c, expected));
            }
        }
        add(TokenKind.OPERATOR, at + operator.length());
    }

    private void add(TokenKind kind, int end) {
        tokens.add(new Token(kind, source.substring(at, end), line));
        at = end;
    }

    private void number() {
        int end = digits(at);
        boolean isFloat = false;
        boolean afterDot = at > 0 && source.charAt(at - 1) == '.';
        if (!afterDot && end + 1 < source.length() && source.charAt(end) == '.' && isDigit(end + 1)) {
            end = digits(end + 1);
            isFloat = true;
        }
        int exponent = afterDot ? -1 : exponentEnd(end);
        if (exponent > 0) {
            end = exponent;
            isFloat = true;
        }
        String text = source.substring(at, end);
        if (end < source.length() && (source.charAt(end) == '_' || Character.isLetter(source.charAt(end)))) {
            throw TemplateErrors.unsupported(line, "number '" + text + source.charAt(end) + "…'");
        }
        if (!isFloat && text.length() > 1 && text.charAt(0) == '0') {
            throw TemplateErrors.syntax(line, "number '" + text + "' with leading zeros");
        }
        add(isFloat ? TokenKind.FLOAT : TokenKind.INTEGER, end);
    }

    private int exponentEnd(int from) {
        if (from >= source.length() || "eE".indexOf(source.charAt(from)) < 0) {
            return -1;
        }
        int i = from + 1;
        if (i < source.length() && "+-".indexOf(source.charAt(i)) >= 0) {
            i++;
        }
        return isDigit(i) ? digits(i) : -1;
    }

    private int digits(int from) {
        int end = from;
        while (isDigit(end)) {
            end++;
        }
        return end;
    }

    private boolean isDigit(int index) {
        return index < source.length() && source.charAt(index) >= '0' && source.charAt(index) <= '9';
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw TemplateErrors.syntax(line, "unexpected char '" + quote + "'");
        }
        tokens.add(new Token(TokenKind.STRING, StringEscapes.decode(source.substring(at + 1, end), line), line));
        line += countLines(source.substring(at, end));
        at = end + 1;
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && PythonText.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void skipSpaceInTag() {
        int end = skipSpace(at);
        line += countLines(source.substring(at, end));
        at = end;
    }

    private static int countLines(String text) {
        int lines = 0;
        for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
            lines++;
        }
        return lines;
    }
}
