package dev.reprise.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One-feature templates against Jinja2; what is not refused must be identical. */
class JinjaFeatureGoldenTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void everyFeatureIsIdenticalOrRefused() throws IOException {
        Path folder = TestFiles.shared("fixtures/text/jinja");
        Map<String, Object> variables = new LinkedHashMap<>();
        JSON.readTree(folder.resolve("context.json").toFile())
                .properties()
                .forEach(member -> variables.put(member.getKey(), PythonJson.toValue(member.getValue())));
        List<String> wrong = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        int identical = 0;
        for (JsonNode line : ChatTemplateGoldenTest.lines(folder.resolve("features.jsonl.gz"))) {
            if (line.has("unstable")) {
                continue;
            }
            String source = line.get("template").stringValue();
            String id = line.get("id").stringValue() + " " + source;
            try {
                String rendered = JinjaTemplate.compile(source).render(variables, FixedClock.RECORDING);
                if (line.has("output") && rendered.equals(line.get("output").stringValue())) {
                    identical++;
                } else {
                    wrong.add(id + ": " + rendered + " instead of "
                            + (line.has("output") ? line.get("output") : line.get("error")));
                }
            } catch (TemplateException e) {
                if (line.has("error")) {
                    identical++;
                } else {
                    refused.add(id + ": " + e.getMessage());
                }
            }
        }
        System.out.printf("features identical: %d, refused: %d, wrong: %d%n", identical, refused.size(), wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(identical).isGreaterThan(250);
    }
}
