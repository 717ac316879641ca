package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestFiles;
import dev.reprise.testing.TestScale;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordMergerTest {
    private record Merge(int rank, int result) {}

    @Test
    void mergesShortAndLongWordsAsTheDefinitionSays() {
        Random random = new Random(11);
        for (int round = 0; round < TestScale.rounds(5_000, 300); round++) {
            Map<List<Integer>, Merge> merges = new HashMap<>();
            int tokens = 3;
            for (int rank = 0; rank < 40; rank++) {
                merges.put(List.of(random.nextInt(tokens), random.nextInt(tokens)), new Merge(rank, tokens));
                tokens++;
            }
            MergeTable table = new MergeTable(merges.size());
            merges.forEach((pair, merge) -> table.put(pair.get(0), pair.get(1), merge.rank(), merge.result()));
            int[] word = random.ints(1 + random.nextInt(120), 0, 3).toArray();
            assertThat(merged(table, word)).isEqualTo(naive(merges, word));
        }
    }

    private static List<Integer> merged(MergeTable table, int[] word) {
        WordMerger merger = new WordMerger(table);
        merger.start(word.length);
        for (int token : word) {
            merger.add(token);
        }
        TokenBuffer out = new TokenBuffer();
        merger.mergeInto(out);
        return java.util.Arrays.stream(out.copyFrom(0)).boxed().toList();
    }

    private static List<Integer> naive(Map<List<Integer>, Merge> merges, int[] word) {
        List<Integer> tokens =
                new ArrayList<>(java.util.Arrays.stream(word).boxed().toList());
        while (true) {
            int best = -1;
            Merge lowest = null;
            for (int i = 0; i + 1 < tokens.size(); i++) {
                Merge merge = merges.get(List.of(tokens.get(i), tokens.get(i + 1)));
                if (merge != null && (lowest == null || merge.rank() < lowest.rank())) {
                    lowest = merge;
                    best = i;
                }
            }
            if (lowest == null) {
                return tokens;
            }
            tokens.set(best, lowest.result());
            tokens.remove(best + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", " ", "\n", "\u0301", "ba", "1", "😀", "'s", "Ġ"})
    void hostileTextsOfAMegabyteComeBackWhole(String unit) {
        Tokenizer tokenizer = TokenizerLoader.load(TestFiles.demoModel()).tokenizer();
        String text = unit.repeat((1 << 20) / unit.getBytes(StandardCharsets.UTF_8).length);

        assertThat(tokenizer.decode(tokenizer.encode(text, false), false)).isEqualTo(text);
    }

    @Test
    void stepsGrowInProportionToALongWord() {
        MergeTable table = new MergeTable(30);
        for (int rank = 0; rank < 20; rank++) {
            table.put(rank, rank, rank, rank + 1);
        }
        long small = steps(table, 1 << 12);
        long large = steps(table, 1 << 18);

        assertThat(large).isLessThan(small * 80);
    }

    private static long steps(MergeTable table, int length) {
        WordMerger merger = new WordMerger(table);
        merger.start(length);
        for (int i = 0; i < length; i++) {
            merger.add(0);
        }
        merger.mergeInto(new TokenBuffer());
        return merger.steps();
    }
}
