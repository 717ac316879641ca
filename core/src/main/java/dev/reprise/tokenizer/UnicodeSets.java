package dev.reprise.tokenizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Unicode classes as the reference's regular expressions (Oniguruma, Unicode 16) and its Rust code know them. General
 * categories come from the JDK, whose tables are of the same Unicode version; a test pins them.
 */
final class UnicodeSets {
    /** {@code White_Space}: what {@code \s} and Rust's {@code is_whitespace} match. */
    static final CodePointSet WHITESPACE = CodePointSet.range(9, 13)
            .union(CodePointSet.of(0x20))
            .union(CodePointSet.of(0x85))
            .union(CodePointSet.of(0xA0))
            .union(CodePointSet.of(0x1680))
            .union(CodePointSet.range(0x2000, 0x200A))
            .union(CodePointSet.range(0x2028, 0x2029))
            .union(CodePointSet.of(0x202F))
            .union(CodePointSet.of(0x205F))
            .union(CodePointSet.of(0x3000));

    private static final Map<String, Integer> CATEGORIES = categories();

    /** Digits that the reference's Rust (Unicode 17) knows and the JDK does not yet. */
    private static final CodePointSet NEWER_NUMBERS =
            CodePointSet.range(0x11DE0, 0x11DE9).union(CodePointSet.range(0x16FF4, 0x16FF6));

    /** Punctuation younger than the table (Unicode 8) of the crate by which the reference tells punctuation. */
    private static final int[] NEWER_PUNCTUATION = {
        0x61D, 0x61D, 0x9FD, 0x9FD, 0xA76, 0xA76, 0xC77, 0xC77, 0xC84, 0xC84, 0x1B4E, 0x1B4F, 0x1B7D, 0x1B7F, 0x2E43,
        0x2E4F, 0x2E52, 0x2E5D, 0x10D6E, 0x10D6E, 0x10EAD, 0x10EAD, 0x10F55, 0x10F59, 0x10F86, 0x10F89, 0x113D4,
        0x113D5, 0x113D7, 0x113D8, 0x1144B, 0x1144F, 0x1145A, 0x1145B, 0x1145D, 0x1145D, 0x11660, 0x1166C, 0x116B9,
        0x116B9, 0x1183B, 0x1183B, 0x11944, 0x11946, 0x119E2, 0x119E2, 0x11A3F, 0x11A46, 0x11A9A, 0x11A9C, 0x11A9E,
        0x11AA2, 0x11B00, 0x11B09, 0x11BE1, 0x11BE1, 0x11C41, 0x11C45, 0x11C70, 0x11C71, 0x11EF7, 0x11EF8, 0x11F43,
        0x11F4F, 0x11FFF, 0x11FFF, 0x12FF1, 0x12FF2, 0x16D6D, 0x16D6F, 0x16E97, 0x16E9A, 0x16FE2, 0x16FE2, 0x1E5FF,
        0x1E5FF, 0x1E95E, 0x1E95F
    };

    private UnicodeSets() {}

    /** The set of a general category or group of categories such as {@code L} or {@code Nd}. */
    static Optional<CodePointSet> property(String name) {
        Integer mask = CATEGORIES.get(name);
        return mask == null ? Optional.empty() : Optional.of(ofCategories(mask));
    }

    /** Rust's {@code char::is_numeric}. */
    static CodePointSet numeric() {
        return ofCategories(group("N")).union(NEWER_NUMBERS);
    }

    /** What the {@code Punctuation} pre-tokenizer cuts at: ASCII punctuation and symbols, and Unicode punctuation. */
    static CodePointSet punctuation() {
        CodePointSet newer = CodePointSet.of(NEWER_PUNCTUATION[0]);
        for (int i = 2; i < NEWER_PUNCTUATION.length; i += 2) {
            newer = newer.union(CodePointSet.range(NEWER_PUNCTUATION[i], NEWER_PUNCTUATION[i + 1]));
        }
        CodePointSet known = ofCategories(group("P")).complement().union(newer).complement();
        return known.union(CodePointSet.of(0x166D))
                .union(CodePointSet.of(0x111C9))
                .union(CodePointSet.range('!', '/'))
                .union(CodePointSet.range(':', '@'))
                .union(CodePointSet.range('[', '`'))
                .union(CodePointSet.range('{', '~'));
    }

    /** Whether {@code \w} of Rust's {@code regex} matches. */
    static boolean isWord(int codePoint) {
        int mask = group("M") | group("Nd") | group("Pc");
        return Character.isAlphabetic(codePoint)
                || ((mask >> Character.getType(codePoint)) & 1) == 1
                || codePoint == 0x200C
                || codePoint == 0x200D;
    }

    private static int group(String name) {
        return Objects.requireNonNull(CATEGORIES.get(name));
    }

    private static CodePointSet ofCategories(int mask) {
        return CodePointSet.where(c -> ((mask >> Character.getType(c)) & 1) == 1);
    }

    private static Map<String, Integer> categories() {
        Map<String, Integer> masks = new LinkedHashMap<>();
        masks.put("Lu", 1 << Character.UPPERCASE_LETTER);
        masks.put("Ll", 1 << Character.LOWERCASE_LETTER);
        masks.put("Lt", 1 << Character.TITLECASE_LETTER);
        masks.put("Lm", 1 << Character.MODIFIER_LETTER);
        masks.put("Lo", 1 << Character.OTHER_LETTER);
        masks.put("Mn", 1 << Character.NON_SPACING_MARK);
        masks.put("Mc", 1 << Character.COMBINING_SPACING_MARK);
        masks.put("Me", 1 << Character.ENCLOSING_MARK);
        masks.put("Nd", 1 << Character.DECIMAL_DIGIT_NUMBER);
        masks.put("Nl", 1 << Character.LETTER_NUMBER);
        masks.put("No", 1 << Character.OTHER_NUMBER);
        masks.put("Pc", 1 << Character.CONNECTOR_PUNCTUATION);
        masks.put("Pd", 1 << Character.DASH_PUNCTUATION);
        masks.put("Ps", 1 << Character.START_PUNCTUATION);
        masks.put("Pe", 1 << Character.END_PUNCTUATION);
        masks.put("Pi", 1 << Character.INITIAL_QUOTE_PUNCTUATION);
        masks.put("Pf", 1 << Character.FINAL_QUOTE_PUNCTUATION);
        masks.put("Po", 1 << Character.OTHER_PUNCTUATION);
        masks.put("Sm", 1 << Character.MATH_SYMBOL);
        masks.put("Sc", 1 << Character.CURRENCY_SYMBOL);
        masks.put("Sk", 1 << Character.MODIFIER_SYMBOL);
        masks.put("So", 1 << Character.OTHER_SYMBOL);
        masks.put("Zs", 1 << Character.SPACE_SEPARATOR);
        masks.put("Zl", 1 << Character.LINE_SEPARATOR);
        masks.put("Zp", 1 << Character.PARAGRAPH_SEPARATOR);
        Map<String, Integer> all = new LinkedHashMap<>(masks);
        masks.forEach((name, mask) -> all.merge(name.substring(0, 1), mask, (a, b) -> a | b));
        return all;
    }
}
