package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testing.TestScale;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                        + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
                        + "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                        + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "(a|ab)(c|bcd)*|a{2,3}b?|[^a-c\\n]*?d|\\P{L}+?(?!1)",
            })
    void findsWhatABacktrackingEngineFinds(String pattern) {
        SplitPattern automaton = SplitPattern.compile(pattern);
        Pattern backtracking = Pattern.compile(
                pattern.replace("\\s", "\\p{IsWhite_Space}").replace("\\S", "\\P{IsWhite_Space}"),
                Pattern.UNICODE_CASE);
        Random random = new Random(3);
        for (int round = 0; round < TestScale.rounds(10_000, 500); round++) {
            String text = random.nextBoolean() ? RandomTexts.next(random) : letters(random);
            assertThat(matches(automaton, text)).as(text).isEqualTo(matches(backtracking, text));
        }
    }

    private static String letters(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.append("aabbccd1 \n".charAt(random.nextInt(10)));
        }
        return text.toString();
    }

    private static List<String> matches(SplitPattern pattern, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> found = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int end = pattern.matchEnd(bytes, at, bytes.length);
            if (end >= 0) {
                found.add(new String(bytes, at, end - at, StandardCharsets.UTF_8));
                at = end;
            } else {
                at += Utf8.lengthOf(bytes[at]);
            }
        }
        return found;
    }

    private static List<String> matches(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "(a)\\1, escape '\\1'",
                "(?<=a)b, group '(?<='",
                "(?=a)b, group '(?=a'",
                "^a, anchor '^'",
                "a(?!bc), look-ahead of more than one character",
                "(ab)++, a possessive quantifier of more than one character",
                "a*, matches the empty text",
                "\\p{Greek}, property 'Greek'",
                "[a&&b], class intersection",
                "(?i:straße), beyond ASCII where case is ignored",
                "(?i:miss), 'ss' where case is ignored",
                "(a, a missing ')'",
                "[a, an unclosed '['",
                "a{5000}, repetition {5000}",
            })
    void whatCannotBeMatchedExactlyIsRefusedByName(String pattern, String construct) {
        assertThatThrownBy(() -> SplitPattern.compile(pattern))
                .isInstanceOf(UnsupportedPatternException.class)
                .hasMessageContaining(construct);
    }
}
