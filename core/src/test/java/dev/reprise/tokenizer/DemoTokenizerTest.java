package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestFiles;
import dev.reprise.tokens.TokenIds;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The bundled model's tokenizer against what Hugging Face's tokenizers answered. */
class DemoTokenizerTest {
    private static final LoadedTokenizer LOADED = TokenizerLoader.load(TestFiles.demoModel());
    private static final Tokenizer TOKENIZER = LOADED.tokenizer();

    private static List<JsonNode> goldens(String name) throws IOException {
        return Goldens.lines(
                Objects.requireNonNull(DemoTokenizerTest.class.getResourceAsStream("/demo/" + name), name));
    }

    @Test
    void encodesAsTheReference() throws IOException {
        List<JsonNode> lines = goldens("tokenizer-golden.jsonl.gz");

        assertThat(lines).hasSizeGreaterThan(500);
        for (JsonNode line : lines) {
            TokenIds ids = TokenIds.of(Goldens.ids(line.get("ids")));
            assertThat(TOKENIZER.encode(line.get("text").stringValue(), false))
                    .as(line.get("text").stringValue())
                    .isEqualTo(ids);
            assertDecodes(ids, line);
        }
    }

    @Test
    void encodesRenderedChatsAsTheReference() throws IOException {
        for (JsonNode line : goldens("template-golden.jsonl.gz")) {
            assertThat(TOKENIZER.encode(line.get("text").stringValue(), false))
                    .isEqualTo(TokenIds.of(Goldens.ids(line.get("ids"))));
        }
    }

    @Test
    void decodesAnyTokensAsTheReference() throws IOException {
        for (JsonNode line : goldens("decode-golden.jsonl.gz")) {
            assertDecodes(TokenIds.of(Goldens.ids(line.get("ids"))), line);
        }
    }

    private static void assertDecodes(TokenIds ids, JsonNode line) {
        assertThat(TOKENIZER.decode(ids, true)).isEqualTo(line.get("decoded").stringValue());
        assertThat(TOKENIZER.decode(ids, false))
                .isEqualTo(line.get("decoded_all").stringValue());
    }

    @Test
    void tellsTheRolesOfTokens() {
        assertThat(TOKENIZER.tokenText(LOADED.specialTokens().begin().orElseThrow()))
                .isEqualTo("<|begin|>");
        assertThat(TOKENIZER.tokenText(LOADED.specialTokens().end().orElseThrow()))
                .isEqualTo("<|end|>");
    }
}
