package dev.reprise.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Templates put together at random, with what Jinja2 3.1.6 as transformers 5.23 sets it up makes of each. */
class RandomTemplateGoldenTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void whatIsNotRefusedIsIdentical() throws IOException {
        List<JsonNode> lines = lines();
        Map<String, Object> variables = new LinkedHashMap<>();
        lines.getFirst()
                .get("context")
                .properties()
                .forEach(member -> variables.put(member.getKey(), PythonJson.toValue(member.getValue())));
        List<String> wrong = new ArrayList<>();
        int identical = 0;
        for (JsonNode line : lines.subList(1, lines.size())) {
            String source = line.get("template").stringValue();
            try {
                String rendered = JinjaTemplate.compile(source).render(variables, FixedClock.RECORDING);
                if (line.has("output") && line.get("output").stringValue().equals(rendered)) {
                    identical++;
                } else {
                    wrong.add(source + " gives " + rendered + " instead of " + line.get("output"));
                }
            } catch (TemplateException e) {
                if (line.has("error")) {
                    identical++;
                } else if (!Objects.requireNonNull(e.getMessage()).contains("not supported")) {
                    wrong.add(source + " fails: " + e.getMessage());
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(identical).isGreaterThanOrEqualTo(770);
    }

    private static List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(
                        RandomTemplateGoldenTest.class.getResourceAsStream("/template/random-golden.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }
}
