package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sizes of the reference's Unicode classes, counted through its own regular expressions. */
class UnicodeTablesTest {
    @ParameterizedTest
    @CsvSource({
        "Lu, 1858",
        "Ll, 2258",
        "Lt, 31",
        "Lm, 404",
        "Lo, 136477",
        "Mn, 2020",
        "Mc, 468",
        "Me, 13",
        "Nd, 760",
        "Nl, 236",
        "No, 915",
        "Pc, 10",
        "Pd, 27",
        "Ps, 79",
        "Pe, 77",
        "Pi, 12",
        "Pf, 10",
        "Po, 640",
        "Sm, 950",
        "Sc, 63",
        "Sk, 125",
        "So, 7376",
        "Zs, 17",
        "L, 141028",
        "N, 1911",
        "M, 2501",
        "P, 855",
        "S, 8514",
        "Z, 19"
    })
    void propertiesHaveTheSizeOfTheReference(String property, int size) {
        assertThat(size(UnicodeSets.property(property).orElseThrow())).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({"whitespace, 25", "numeric, 1924", "punctuation, 726"})
    void classesHaveTheSizeOfTheReference(String name, int size) {
        Map<String, CodePointSet> classes = Map.of(
                "whitespace", UnicodeSets.WHITESPACE,
                "numeric", UnicodeSets.numeric(),
                "punctuation", UnicodeSets.punctuation());
        assertThat(size(classes.get(name))).isEqualTo(size);
    }

    @Test
    void wordCharactersAreAsManyAsInTheReference() {
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                        .filter(UnicodeSets::isWord)
                        .count())
                .isEqualTo(144_667);
    }

    private static int size(CodePointSet set) {
        int size = 0;
        int[] bounds = set.boundaries();
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i];
        }
        return size;
    }
}
