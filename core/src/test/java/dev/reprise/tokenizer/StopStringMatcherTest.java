package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testing.TestScale;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringMatcherTest {
    @Test
    void holdsBackWhatMayBecomeAStopString() {
        StopStringMatcher matcher = new StopStringMatcher(List.of("<end>", "stop"), false);

        assertThat(matcher.append("hello <e")).isEqualTo("hello ");
        assertThat(matcher.append("n st")).isEqualTo("<en ");
        assertThat(matcher.append("op more")).isEmpty();
        assertThat(matcher.matchedStop()).contains("stop");
        assertThat(matcher.append("never")).isEmpty();
        assertThat(matcher.finish()).isEmpty();
    }

    @Test
    void releasesTheStopStringWhereAsked() {
        StopStringMatcher matcher = new StopStringMatcher(List.of("ab"), true);

        assertThat(matcher.append("xa")).isEqualTo("x");
        assertThat(matcher.append("bc")).isEqualTo("ab");
    }

    @Test
    void agreesWithTheNaiveSearchForAnySplit() {
        Random random = new Random(5);
        for (int round = 0; round < TestScale.rounds(50_000, 3_000); round++) {
            List<String> stops = random.ints(random.nextInt(5), 1, 5)
                    .mapToObj(length -> text(random, length))
                    .toList();
            String text = text(random, random.nextInt(30));
            boolean include = random.nextBoolean();
            assertThat(streamed(random, stops, text, include)).isEqualTo(naive(stops, text, include));
        }
    }

    private static String streamed(Random random, List<String> stops, String text, boolean include) {
        StopStringMatcher matcher = new StopStringMatcher(stops, include);
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(4));
            out.append(matcher.append(text.substring(at, end)));
            at = end;
            if (matcher.matchedStop().isEmpty()) {
                assertThat(out.length()).isEqualTo(at - heldLength(stops, text.substring(0, at)));
            }
        }
        return out + matcher.finish() + "|" + matcher.matchedStop().orElse("");
    }

    private static int heldLength(List<String> stops, String text) {
        int longest = 0;
        for (String stop : stops) {
            for (int length = 1; length < stop.length(); length++) {
                longest = text.endsWith(stop.substring(0, length)) ? Math.max(longest, length) : longest;
            }
        }
        return longest;
    }

    private static String naive(List<String> stops, String text, boolean include) {
        for (int end = 1; end <= text.length(); end++) {
            String best = "";
            for (String stop : stops) {
                if (text.substring(0, end).endsWith(stop) && stop.length() > best.length()) {
                    best = stop;
                }
            }
            if (!best.isEmpty()) {
                return text.substring(0, include ? end : end - best.length()) + "|" + best;
            }
        }
        return text + "|";
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("abc".charAt(random.nextInt(3)));
        }
        return text.toString();
    }

    @Test
    void refusesEmptyAndTooMany() {
        assertThatThrownBy(() -> new StopStringMatcher(List.of(""), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stop");
        assertThatThrownBy(() -> new StopStringMatcher(java.util.Collections.nCopies(17, "x"), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("17");
    }
}
