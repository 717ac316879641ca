package dev.reprise.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bundled model's chat template against what transformers rendered. */
class DemoChatTemplateTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void rendersAsTheReference() throws IOException {
        ChatTemplate template = ChatTemplateLoader.load(TestFiles.demoModel(), FixedClock.RECORDING);
        InputStream goldens = Objects.requireNonNull(getClass().getResourceAsStream("/demo/template-golden.jsonl.gz"));
        int lines = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(goldens), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode golden = JSON.readTree(line);
                RenderOptions options = new RenderOptions(
                        golden.get("add_generation_prompt").booleanValue(),
                        false,
                        Optional.ofNullable(golden.get("tools")).filter(tools -> !tools.isNull()),
                        Map.of());
                assertThat(template.render(golden.get("messages"), options))
                        .isEqualTo(golden.get("text").stringValue());
                lines++;
            }
        }
        assertThat(lines).isEqualTo(200);
    }
}
