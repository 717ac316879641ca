package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestFiles;
import dev.reprise.testing.TestScale;
import dev.reprise.tokens.TokenIds;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetokenizerTest {
    private static final Tokenizer TOKENIZER =
            TokenizerLoader.load(TestFiles.demoModel()).tokenizer();

    @Test
    void streamOfRandomTokensEqualsTheWholeDecode() {
        Random random = new Random(17);
        for (int round = 0; round < TestScale.rounds(20_000, 1_000); round++) {
            int[] ids = random.ints(random.nextInt(40), 0, TOKENIZER.vocabularySize() + 3)
                    .toArray();
            boolean skipSpecial = random.nextBoolean();
            assertThat(streamed(ids, skipSpecial)).isEqualTo(TOKENIZER.decode(TokenIds.of(ids), skipSpecial));
        }
    }

    @Test
    void streamOfTextCutAtEveryByteEqualsTheText() {
        Random random = new Random(18);
        for (int round = 0; round < TestScale.rounds(5_000, 300); round++) {
            String text = RandomTexts.next(random);
            int[] ids = TOKENIZER.encode(text, false).toArray();
            assertThat(streamed(ids, false)).isEqualTo(text);
        }
    }

    private static String streamed(int[] ids, boolean skipSpecial) {
        IncrementalDetokenizer stream = TOKENIZER.detokenizer(skipSpecial);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String released = stream.append(id);
            assertThat(released).doesNotEndWith("\uFFFD");
            text.append(released);
        }
        return text.append(stream.finish()).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "41, A",
        "C3A9, é",
        "C3, �",
        "E080, ��",
        "EDA080, ���",
        "F48F, �",
        "F490, ��",
        "C0AF, ��",
        "E2828241, ₂A",
        "E28241, �A",
        "F09F9841, �A",
        "FF, �",
    })
    void everyMaximalPartThatIsNotUtf8BecomesOneReplacement(String hex, String text) {
        StringBuilder out = new StringBuilder();
        Utf8LossyDecoder decoder = new Utf8LossyDecoder();
        for (byte b : java.util.HexFormat.of().parseHex(hex)) {
            decoder.append(new byte[] {b}, out);
        }
        decoder.finish(out);
        assertThat(out.toString()).isEqualTo(text);
    }
}
