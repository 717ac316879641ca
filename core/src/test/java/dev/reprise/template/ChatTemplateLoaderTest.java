package dev.reprise.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatTemplateLoaderTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNode HELLO = JSON.readTree("[{\"role\": \"user\", \"content\": \"hi\", \"name\": null}]");

    @TempDir
    Path folder;

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }

    private static String render(ChatTemplate template) {
        return template.render(HELLO, RenderOptions.GENERATION);
    }

    @Test
    void aTemplateFileGoesBeforeTheConfig() throws IOException {
        config("{\"bos_token\": {\"content\": \"<s>\"}, \"chat_template\": \"config\"}");
        assertThat(render(ChatTemplateLoader.load(folder, FixedClock.RECORDING)))
                .isEqualTo("config");

        Files.writeString(folder.resolve("chat_template.jinja"), "{{ bos_token }}file");
        assertThat(render(ChatTemplateLoader.load(folder, FixedClock.RECORDING)))
                .isEqualTo("<s>file");

        Path other = Files.writeString(folder.resolve("other.jinja"), "{{ bos_token }}other");
        assertThat(render(ChatTemplateLoader.load(other, FixedClock.RECORDING))).isEqualTo("<s>other");
    }

    @Test
    void toolsChooseTheTemplateNamedForThem() throws IOException {
        config("""
                {"chat_template": [{"name": "default", "template": "plain"},
                                   {"name": "tool_use", "template": "{{ tools|length }} tools"}]}""");
        ChatTemplate template = ChatTemplateLoader.load(folder, FixedClock.RECORDING);
        RenderOptions withTools =
                new RenderOptions(true, false, Optional.of(JSON.readTree("[{\"name\": \"f\"}]")), Map.of());

        assertThat(render(template)).isEqualTo("plain");
        assertThat(template.render(HELLO, withTools)).isEqualTo("1 tools");
    }

    @Test
    void whatIsMissingOrBrokenIsNamed() throws IOException {
        assertThatThrownBy(() -> ChatTemplateLoader.load(folder, FixedClock.RECORDING))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("--chat-template");
        config("{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}");
        assertThatThrownBy(() -> ChatTemplateLoader.load(folder, FixedClock.RECORDING))
                .hasMessageContaining("default")
                .hasMessageContaining("rag");
        config("{\"chat_template\": \"a\\n{% bogus %}\"}");
        assertThatThrownBy(() -> ChatTemplateLoader.load(folder, FixedClock.RECORDING))
                .hasMessageContaining("tokenizer_config.json")
                .hasMessageContaining("line 2")
                .hasMessageContaining("bogus");
        config("{");
        assertThatThrownBy(() -> ChatTemplateLoader.load(folder, FixedClock.RECORDING))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void raisedMessagesAreForTheClient() {
        ChatTemplate template =
                ChatTemplateLoader.of("{{ raise_exception('roles must alternate') }}", Map.of(), FixedClock.RECORDING);

        assertThatThrownBy(() -> render(template))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.kind()).isEqualTo(TemplateException.Kind.RAISED))
                .hasMessage("roles must alternate");
    }

    @Test
    void theFinalMessageIsLeftOpenWhereAsked() {
        ChatTemplate template = ChatTemplateLoader.of(
                "{% for m in messages %}[{{ m.role }}]{{ m.content | trim }}</s>{% endfor %}",
                Map.of(), FixedClock.RECORDING);
        JsonNode messages = JSON.readTree(
                "[{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b \"}]");
        RenderOptions open = new RenderOptions(false, true, Optional.empty(), Map.of());

        assertThat(template.render(messages, open)).isEqualTo("[user]a</s>[assistant]b");
        assertThatThrownBy(() -> template.render(JSON.readTree("[{\"role\": \"assistant\"}]"), open))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("continue_final_message");
    }
}
