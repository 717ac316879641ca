package dev.reprise.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Marks, composed characters and their parts, old and young, against the reference's normalizer. */
class NfcTest {
    @Test
    void composesAsTheReference() throws IOException {
        List<JsonNode> lines = Goldens.lines(
                Objects.requireNonNull(NfcTest.class.getResourceAsStream("/tokenizer/nfc-golden.jsonl.gz")));

        assertThat(lines).hasSize(600);
        for (JsonNode line : lines) {
            assertThat(Nfc.compose(line.get(0).stringValue()))
                    .isEqualTo(line.get(1).stringValue());
        }
    }
}
