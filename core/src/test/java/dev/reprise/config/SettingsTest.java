package dev.reprise.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    /** A changed default changes what users get: it is changed here too, on purpose, and noted in CHANGELOG.md. */
    private static final String DEFAULTS = """
            model.path
            model.served_model_name
            model.max_model_len
            model.chat_template
            model.precision=int8
            engine.block_size=32
            engine.max_num_seqs=64
            engine.max_num_batched_tokens=512
            engine.kv_cache_memory
            engine.num_kv_blocks
            engine.enable_prefix_caching=true
            engine.threads
            engine.vector_kernels=true
            cache.scope=auto
            cache.secret_file
            server.host=127.0.0.1
            server.port=8000
            server.ssl_certfile
            server.ssl_keyfile
            server.shutdown_grace=25s
            server.max_body=32MiB
            server.max_open_requests=1024
            server.request_deadline=30m
            server.write_timeout=30s
            server.keep_alive_interval=15s
            auth.api_key
            auth.api_key_file
            auth.no_auth=false
            log.format=text
            log.level=info
            log.prompts=false
            chat.url=http://127.0.0.1:8000
            chat.api_key
            chat.model
            chat.system
            chat.max_tokens
            chat.temperature
            """;

    @Test
    void allDefaultsArePinned() {
        List<String> defaults =
                Settings.SCHEMA.settings().stream().map(SettingsTest::pinned).toList();
        assertThat(String.join("\n", defaults) + "\n").isEqualTo(DEFAULTS);
    }

    @Test
    void everyDeclaredSettingIsInTheSchema() throws IllegalAccessException {
        List<Object> declared = new ArrayList<>();
        for (var field : Settings.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Setting.class) {
                declared.add(field.get(null));
            }
        }
        assertThat(declared).containsExactlyInAnyOrderElementsOf(Settings.SCHEMA.settings());
    }

    @Test
    void defaultsAreAllowedValues() {
        Settings.SCHEMA.settings().forEach(SettingsTest::roundTrip);
    }

    @Test
    void flagsCarryTheNamesOfVllm() {
        Map<String, String> names = new LinkedHashMap<>();
        Settings.SCHEMA.settings(Verb.SERVE).forEach(s -> s.flags().forEach(f -> names.put(f.name(), s.key())));
        assertThat(names)
                .containsKeys(
                        "--host",
                        "--port",
                        "--served-model-name",
                        "--max-model-len",
                        "--max-num-seqs",
                        "--max-num-batched-tokens",
                        "--block-size",
                        "--chat-template",
                        "--api-key",
                        "--no-enable-prefix-caching",
                        "--ssl-certfile",
                        "--ssl-keyfile");
    }

    @Test
    void environmentNamesAreUnique() {
        assertThat(Settings.SCHEMA.settings().stream().map(Setting::environmentName))
                .doesNotHaveDuplicates();
    }

    @Test
    void aSchemaRefusesTwoOfAName() {
        Setting<String> one =
                Setting.of(Verb.SERVE, "a.b", SettingTypes.text(), "m").withFlag("--b");
        Setting<String> other =
                Setting.of(Verb.SERVE, "a.c", SettingTypes.text(), "m").withFlag("--b");
        assertThatThrownBy(() -> new Schema(List.of(one, one))).hasMessageContaining("a.b");
        assertThatThrownBy(() -> new Schema(List.of(one, other))).hasMessageContaining("--b");
    }

    @Test
    void nearestMatchesAreWithinAThirdOfTheWord() {
        List<String> candidates = Arrays.asList("serve", "chat", "config", "--port");
        assertThat(NearestMatch.of("sreve", candidates)).hasValue("serve");
        assertThat(NearestMatch.of("--prot", candidates)).hasValue("--port");
        assertThat(NearestMatch.of("confg", candidates)).hasValue("config");
        assertThat(NearestMatch.of("elephant", candidates)).isEmpty();
    }

    private static <T> String pinned(Setting<T> setting) {
        return setting.key()
                + setting.defaultValue()
                        .map(value -> "=" + setting.type().format(value))
                        .orElse("");
    }

    private static <T> void roundTrip(Setting<T> setting) {
        setting.defaultValue()
                .ifPresent(
                        value -> assertThat(setting.type().parse(setting.type().format(value)))
                                .isEqualTo(value));
    }
}
