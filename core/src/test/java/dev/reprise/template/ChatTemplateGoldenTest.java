package dev.reprise.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.TestFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Published chat templates against what transformers rendered; what compiles must render exactly. */
class ChatTemplateGoldenTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void whatCompilesRendersAsTheReference() throws IOException {
        Path folder = TestFiles.shared("fixtures/text/chat");
        Map<String, JsonNode> conversations = new HashMap<>();
        for (JsonNode conversation :
                JSON.readTree(folder.resolve("conversations.json").toFile())) {
            conversations.put(conversation.get("conversation_id").stringValue(), conversation);
        }
        Map<String, String> specialTokens = new LinkedHashMap<>();
        JSON.readTree(folder.resolve("meta.json").toFile())
                .get("special_tokens")
                .properties()
                .forEach(token ->
                        specialTokens.put(token.getKey(), token.getValue().stringValue()));
        Map<String, Object> templates = new HashMap<>();
        Map<String, String> refused = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        int identical = 0;
        int refusedRenders = 0;
        for (JsonNode line : lines(folder.resolve("renders.jsonl.gz"))) {
            String id = line.get("template_id").stringValue();
            Object compiled = templates.computeIfAbsent(id, name -> compile(folder, name, specialTokens));
            if (compiled instanceof TemplateException e) {
                boolean refusedByReference = line.has("error")
                        && !line.get("error").get("kind").stringValue().equals("raise_exception");
                refused.put(id, e.getMessage());
                refusedRenders += refusedByReference ? 0 : 1;
                continue;
            }
            String problem = compare((ChatTemplate) compiled, line, conversations);
            if (problem.isEmpty()) {
                identical++;
            } else {
                wrong.add(id + " " + line.get("conversation_id").stringValue() + ": " + problem);
            }
        }
        System.out.printf(
                "renders identical: %d, of refused templates: %d, wrong: %d%nrefused: %s%n",
                identical, refusedRenders, wrong.size(), refused);
        assertThat(wrong).isEmpty();
        assertThat(identical).isGreaterThan(5000);
    }

    private static Object compile(Path folder, String id, Map<String, String> specialTokens) {
        try {
            String source = Files.readString(folder.resolve("templates/" + id + ".jinja"));
            return ChatTemplateLoader.of(source, specialTokens, FixedClock.RECORDING);
        } catch (TemplateException e) {
            return e;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Empty when the render is what the reference gave, text or error. */
    private static String compare(ChatTemplate template, JsonNode line, Map<String, JsonNode> conversations) {
        JsonNode conversation = conversations.get(line.get("conversation_id").stringValue());
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        boolean continues = false;
        for (Map.Entry<String, JsonNode> kwarg : line.get("kwargs").properties()) {
            if (kwarg.getKey().equals("continue_final_message")) {
                continues = kwarg.getValue().booleanValue();
            } else {
                variables.put(kwarg.getKey(), kwarg.getValue());
            }
        }
        if (conversation.hasNonNull("documents")) {
            variables.put("documents", conversation.get("documents"));
        }
        RenderOptions options = new RenderOptions(
                line.get("add_generation_prompt").booleanValue(),
                continues,
                conversation.hasNonNull("tools") ? Optional.of(conversation.get("tools")) : Optional.empty(),
                variables);
        String rendered;
        try {
            rendered = template.render(conversation.get("messages"), options);
        } catch (TemplateException e) {
            return compareError(line, e);
        }
        if (!line.has("output")) {
            return "rendered where the reference fails with " + line.get("error");
        }
        String expected = line.get("output").stringValue();
        return rendered.equals(expected) ? "" : difference(rendered, expected);
    }

    private static String compareError(JsonNode line, TemplateException e) {
        if (!line.has("error")) {
            return "fails: " + e.getMessage();
        }
        JsonNode error = line.get("error");
        boolean raised = error.get("kind").stringValue().equals("raise_exception");
        if (raised != (e.kind() == TemplateException.Kind.RAISED)) {
            return "fails with " + e.getMessage() + " instead of " + error;
        }
        return raised && !error.get("message").stringValue().equals(e.getMessage())
                ? "raises " + e.getMessage() + " instead of " + error
                : "";
    }

    private static String difference(String actual, String expected) {
        int at = 0;
        while (at < Math.min(actual.length(), expected.length()) && actual.charAt(at) == expected.charAt(at)) {
            at++;
        }
        return "at %d: …%s instead of …%s"
                .formatted(
                        at,
                        actual.substring(Math.max(0, at - 20), Math.min(actual.length(), at + 40)),
                        expected.substring(Math.max(0, at - 20), Math.min(expected.length(), at + 40)));
    }

    static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }
}
