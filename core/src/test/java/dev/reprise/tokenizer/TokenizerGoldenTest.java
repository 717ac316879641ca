package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testing.TestFiles;
import dev.reprise.tokens.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Published tokenizers against what Hugging Face's tokenizers answered. */
class TokenizerGoldenTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "phi-2", "llama3", "qwen2.5", "deepseek-v3", "falcon", "own-bytelevel-4k"})
    void everyTextIsIdentical(String name) throws IOException {
        Path source = TestFiles.shared("fixtures/text/tokenizers/" + name);
        Tokenizer tokenizer =
                TokenizerLoader.load(Goldens.unpackTokenizer(source, folder)).tokenizer();

        List<String> wrong = new ArrayList<>();
        for (JsonNode line : Goldens.lines(source.resolve("goldens.jsonl.gz"))) {
            compare(tokenizer, line, wrong);
        }

        assertThat(wrong).isEmpty();
    }

    private static void compare(Tokenizer tokenizer, JsonNode line, List<String> wrong) {
        String text = line.get("text").stringValue();
        String id = line.get("text_id").stringValue();
        TokenIds ids = TokenIds.of(Goldens.ids(line.get("ids")));
        check(id + " ids", tokenizer.encode(text, true), ids, wrong);
        check(
                id + " ids_no_special",
                tokenizer.encode(text, false),
                TokenIds.of(Goldens.ids(line.get("ids_no_special"))),
                wrong);
        check(id + " decoded", tokenizer.decode(ids, false), line.get("decoded").stringValue(), wrong);
        check(
                id + " decoded_skip",
                tokenizer.decode(ids, true),
                line.get("decoded_skip").stringValue(),
                wrong);
        if (line.has("stream")) {
            compareStream(id + " stream", tokenizer.detokenizer(false), ids, line.get("stream"), wrong);
            JsonNode skipping = line.has("stream_skip") ? line.get("stream_skip") : line.get("stream");
            compareStream(id + " stream_skip", tokenizer.detokenizer(true), ids, skipping, wrong);
        }
    }

    private static void compareStream(
            String what, IncrementalDetokenizer stream, TokenIds ids, JsonNode expected, List<String> wrong) {
        for (int i = 0; i < ids.size(); i++) {
            String step = expected.get(i).isNull() ? "" : expected.get(i).stringValue();
            check(what + " step " + i, stream.append(ids.get(i)), step, wrong);
        }
    }

    private static void check(String what, Object actual, Object expected, List<String> wrong) {
        if (!actual.equals(expected)) {
            wrong.add(what + ": " + actual + " instead of " + expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama2, 'normalizer ''Prepend''|byte_fallback'",
        "mistral-v3, 'byte_fallback'",
        "bert-uncased, 'model type ''WordPiece'''",
        "t5-small, 'model type ''(none)'''"
    })
    void othersAreRefusedByName(String name, String construct) throws IOException {
        Path source = TestFiles.shared("fixtures/text/tokenizers/" + name);
        Path file = Goldens.unpackTokenizer(source, folder);

        assertThatThrownBy(() -> TokenizerLoader.load(file))
                .isInstanceOf(UnsupportedTokenizerException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("$.")
                .satisfies(e -> assertThat(e.getMessage()).containsPattern(construct.replace("(none)", "\\(none\\)")));
    }
}
