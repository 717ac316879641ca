package dev.reprise.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the part of Oniguruma's syntax that split patterns use and that can be matched exactly in linear time. All else
 * is refused by name: back references, look-behind, anchors, look-ahead beyond one character, possessive groups.
 */
final class PatternParser {
    private static final int MAX_REPEAT = 64;
    private static final int MAX_NESTING = 64;
    private static final CodePointSet NEWLINE = CodePointSet.of('\n');

    private final String pattern;
    private int at;
    private int nesting;
    private boolean ignoreCase;

    private PatternParser(String pattern) {
        this.pattern = pattern;
    }

    /** @throws UnsupportedPatternException naming the construct and its position */
    static PatternNode parse(String pattern) {
        PatternParser parser = new PatternParser(pattern);
        PatternNode node = parser.choice();
        if (parser.at < pattern.length()) {
            throw parser.unsupported("an unmatched ')'");
        }
        return node;
    }

    private PatternNode choice() {
        if (++nesting > MAX_NESTING) {
            throw unsupported("nesting deeper than " + MAX_NESTING);
        }
        List<PatternNode> options = new ArrayList<>();
        options.add(sequence());
        while (accept('|')) {
            options.add(sequence());
        }
        nesting--;
        return options.size() == 1 ? options.getFirst() : new PatternNode.Choice(options);
    }

    private PatternNode sequence() {
        List<PatternNode> parts = new ArrayList<>();
        int literalStart = at;
        while (at < pattern.length() && peek() != '|' && peek() != ')') {
            parts.add(repeated(atom()));
        }
        refuseFoldingSequences(pattern.substring(literalStart, at));
        return parts.size() == 1 ? parts.getFirst() : new PatternNode.Sequence(parts);
    }

    /** Oniguruma lets ß match "ss" and ligatures their letters when case is ignored; such texts are refused. */
    private void refuseFoldingSequences(String literal) {
        if (!ignoreCase) {
            return;
        }
        String lower = literal.toLowerCase(Locale.ROOT);
        for (String folded : List.of("ss", "st", "ff", "fi", "fl")) {
            if (lower.contains(folded)) {
                throw unsupported("'" + folded + "' where case is ignored");
            }
        }
    }

    private PatternNode atom() {
        char c = peek();
        return switch (c) {
            case '(' -> group();
            case '[' -> new PatternNode.One(bracket());
            case '\\' -> new PatternNode.One(folded(escape()));
            case '.' -> {
                at++;
                yield new PatternNode.One(NEWLINE.complement());
            }
            case '^', '$' -> throw unsupported("anchor '" + c + "'");
            case '*', '+', '?', '{' -> throw unsupported("quantifier '" + c + "' without a subject");
            default -> new PatternNode.One(folded(CodePointSet.of(nextCodePoint())));
        };
    }

    private PatternNode group() {
        if (pattern.startsWith("(?:", at)) {
            at += 3;
            return closeGroup(ignoreCase);
        }
        if (pattern.startsWith("(?i:", at)) {
            at += 4;
            boolean outer = ignoreCase;
            ignoreCase = true;
            return closeGroup(outer);
        }
        if (pattern.startsWith("(?!", at)) {
            at += 3;
            return notFollowedBy();
        }
        if (pattern.startsWith("(?", at)) {
            throw unsupported("group '" + pattern.substring(at, Math.min(at + 4, pattern.length())) + "'");
        }
        at++;
        return closeGroup(ignoreCase);
    }

    private PatternNode closeGroup(boolean outerIgnoreCase) {
        PatternNode body = choice();
        ignoreCase = outerIgnoreCase;
        expect(')');
        return body;
    }

    private PatternNode notFollowedBy() {
        PatternNode body = choice();
        expect(')');
        if (!(body instanceof PatternNode.One one)) {
            throw unsupported("look-ahead of more than one character");
        }
        return new PatternNode.NotFollowedBy(one.set());
    }

    private PatternNode repeated(PatternNode atom) {
        PatternNode node = atom;
        boolean quantified = false;
        while (at < pattern.length() && "*+?{".indexOf(peek()) >= 0) {
            if (quantified) {
                throw unsupported("a quantifier of a quantifier");
            }
            node = quantifier(node);
            quantified = true;
        }
        return node;
    }

    private PatternNode quantifier(PatternNode body) {
        if (body instanceof PatternNode.NotFollowedBy) {
            throw unsupported("a quantified look-ahead");
        }
        char symbol = peek();
        if (symbol == '{') {
            return counted(body);
        }
        at++;
        int least = symbol == '+' ? 1 : 0;
        int most = symbol == '?' ? 1 : PatternNode.Repeat.UNBOUNDED;
        if (accept('+')) {
            return possessive(body, least, most);
        }
        return new PatternNode.Repeat(body, least, most, !accept('?'));
    }

    private PatternNode counted(PatternNode body) {
        int open = at;
        int close = pattern.indexOf('}', at);
        if (close < 0 || !pattern.substring(at + 1, close).matches("\\d{1,4}(,\\d{0,4})?")) {
            throw unsupported("'{' that is not {n}, {n,} or {n,m}");
        }
        String counts = pattern.substring(at + 1, close);
        int comma = counts.indexOf(',');
        int least = Integer.parseInt(comma < 0 ? counts : counts.substring(0, comma));
        int most = least;
        if (comma >= 0) {
            most = comma + 1 == counts.length()
                    ? PatternNode.Repeat.UNBOUNDED
                    : Integer.parseInt(counts.substring(comma + 1));
        }
        at = close + 1;
        if (Math.max(least, most) > MAX_REPEAT || (most >= 0 && most < Math.max(1, least))) {
            at = open;
            throw unsupported("repetition {" + counts + "} (at most " + MAX_REPEAT + ")");
        }
        if (at < pattern.length() && (peek() == '+' || peek() == '?')) {
            throw unsupported("'" + peek() + "' after a counted repetition");
        }
        return new PatternNode.Repeat(body, least, most, true);
    }

    /** A possessive repetition of one set is a greedy one that the set may not follow. */
    private PatternNode possessive(PatternNode body, int least, int most) {
        if (!(body instanceof PatternNode.One one)) {
            throw unsupported("a possessive quantifier of more than one character");
        }
        PatternNode stop = new PatternNode.NotFollowedBy(one.set());
        if (most == 1) {
            return new PatternNode.Choice(List.of(body, stop));
        }
        return new PatternNode.Sequence(List.of(new PatternNode.Repeat(body, least, most, true), stop));
    }

    private CodePointSet bracket() {
        at++;
        boolean negated = accept('^');
        CodePointSet set = null;
        while (set == null || peekInBracket() != ']') {
            CodePointSet item = bracketItem();
            set = set == null ? item : set.union(item);
        }
        at++;
        CodePointSet folded = folded(set);
        return negated ? folded.complement() : folded;
    }

    private char peekInBracket() {
        if (at >= pattern.length()) {
            throw unsupported("an unclosed '['");
        }
        return peek();
    }

    private CodePointSet bracketItem() {
        char c = peekInBracket();
        if (c == '[') {
            throw unsupported("a nested character class");
        }
        if (pattern.startsWith("&&", at)) {
            throw unsupported("class intersection '&&'");
        }
        if (c == ']') {
            throw unsupported("']' as a member of a character class");
        }
        CodePointSet first = c == '\\' ? escape() : CodePointSet.of(nextCodePoint());
        if (peekInBracket() != '-' || at + 1 >= pattern.length() || pattern.charAt(at + 1) == ']') {
            return first;
        }
        at++;
        char next = peekInBracket();
        if (next == '[') {
            throw unsupported("a nested character class");
        }
        CodePointSet last = next == '\\' ? escape() : CodePointSet.of(nextCodePoint());
        int from = single(first);
        int to = single(last);
        if (to < from) {
            throw unsupported("a range that runs backwards");
        }
        return CodePointSet.range(from, to);
    }

    private int single(CodePointSet set) {
        int[] bounds = set.boundaries();
        if (bounds.length != 2 || bounds[1] != bounds[0] + 1) {
            throw unsupported("a range that ends in a class");
        }
        return bounds[0];
    }

    private CodePointSet escape() {
        at++;
        if (at >= pattern.length()) {
            throw unsupported("a trailing '\\'");
        }
        char c = pattern.charAt(at++);
        return switch (c) {
            case 's' -> UnicodeSets.WHITESPACE;
            case 'S' -> UnicodeSets.WHITESPACE.complement();
            case 'd' -> property("Nd");
            case 'D' -> property("Nd").complement();
            case 'p' -> braced(false);
            case 'P' -> braced(true);
            case 'r' -> CodePointSet.of('\r');
            case 'n' -> CodePointSet.of('\n');
            case 't' -> CodePointSet.of('\t');
            case 'f' -> CodePointSet.of('\f');
            case 'v' -> CodePointSet.of(0x0B);
            case 'u' -> CodePointSet.of(hex(4));
            default -> literalEscape(c);
        };
    }

    private CodePointSet literalEscape(char c) {
        if (c >= 0x80 || Character.isLetterOrDigit(c)) {
            at -= 2;
            throw unsupported("escape '\\" + c + "'");
        }
        return CodePointSet.of(c);
    }

    private int hex(int digits) {
        int end = at + digits;
        if (end > pattern.length() || !pattern.substring(at, end).matches("[0-9a-fA-F]+")) {
            throw unsupported("an incomplete '\\u' escape");
        }
        int value = Integer.parseInt(pattern.substring(at, end), 16);
        at = end;
        return value;
    }

    private CodePointSet braced(boolean negatedByCase) {
        int close = pattern.indexOf('}', at);
        if (at >= pattern.length() || peek() != '{' || close < 0) {
            throw unsupported("a property without braces");
        }
        boolean negated = pattern.startsWith("{^", at);
        CodePointSet set = property(pattern.substring(at + (negated ? 2 : 1), close));
        at = close + 1;
        return negated == negatedByCase ? set : set.complement();
    }

    private CodePointSet property(String name) {
        return UnicodeSets.property(name).orElseThrow(() -> unsupported("property '" + name + "'"));
    }

    /** Adds the other case where case is ignored: of ASCII letters only, with the two letters that fold to ASCII. */
    private CodePointSet folded(CodePointSet set) {
        if (!ignoreCase) {
            return set;
        }
        CodePointSet result = set;
        for (char lower = 'a'; lower <= 'z'; lower++) {
            char upper = (char) (lower - 'a' + 'A');
            if (set.contains(lower) || set.contains(upper)) {
                result = result.union(CodePointSet.of(lower)).union(CodePointSet.of(upper));
            }
        }
        result = result.contains('s') ? result.union(CodePointSet.of(0x17F)) : result;
        result = result.contains('k') ? result.union(CodePointSet.of(0x212A)) : result;
        if (set.intersects(CodePointSet.range(0x80, CodePointSet.MAX))) {
            throw unsupported("characters beyond ASCII where case is ignored");
        }
        return result;
    }

    private int nextCodePoint() {
        int codePoint = pattern.codePointAt(at);
        at += Character.charCount(codePoint);
        return codePoint;
    }

    private char peek() {
        return pattern.charAt(at);
    }

    private boolean accept(char c) {
        if (at < pattern.length() && peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw unsupported("a missing '" + c + "'");
        }
    }

    private UnsupportedPatternException unsupported(String construct) {
        return new UnsupportedPatternException(
                "regular expression with %s at position %d".formatted(construct, Math.min(at, pattern.length())));
    }
}
