package dev.reprise.engine.local.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.local.model.LlamaModel;
import dev.reprise.engine.local.model.TinyModel;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.ScalarKernels;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.runtime.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A folder that cannot be served is refused by file, field, value and remedy. */
class ModelFolderTest {
    @TempDir
    Path folder;

    private static void load(Path at) throws ModelLoadException {
        try (ComputePool pool = new ComputePool(1)) {
            LlamaModel.load(at, Precision.INT8, new ScalarKernels(), pool).close();
        }
    }

    private Path withConfig(String original, String replacement) throws IOException {
        Path at = TinyModel.ODD.write(folder, 1);
        String config = TinyModel.ODD.config();
        assertThat(config).contains(original);
        Files.writeString(at.resolve("config.json"), config.replace(original, replacement));
        return at;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"LlamaForCausalLM\" | \"Qwen2ForCausalLM\" | architectures is [\"Qwen2ForCausalLM\"]",
                "\"hidden_act\": \"silu\" | \"hidden_act\": \"gelu\" | hidden_act is \"gelu\"",
                "\"rope_theta\": 10000.0 | \"rope_scaling\": {\"rope_type\": \"llama3\"} | rope_scaling is {",
                "\"rope_theta\": 10000.0 | \"rope_parameters\": {\"rope_type\": \"yarn\"} | rope_parameters.rope_type is \"yarn\"",
                "\"rope_theta\": 10000.0 | \"rope_theta\": -1 | rope_theta is -1",
                "\"rms_norm_eps\": 1e-5 | \"rms_norm_eps\": \"x\" | rms_norm_eps is \"x\"",
                "\"rope_theta\": 10000.0 | \"attention_bias\": true | attention_bias is true",
                "\"rope_theta\": 10000.0 | \"mlp_bias\": true | mlp_bias is true",
                "\"rope_theta\": 10000.0 | \"quantization_config\": {\"bits\": 4} | quantization_config is {",
                "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 4 | num_key_value_heads is 4",
                "\"head_dim\": 18 | \"head_dim\": 17 | head_dim is 17",
                "\"vocab_size\": 131 | \"vocab_size\": 131.5 | vocab_size is 131.5",
                "\"hidden_size\": 52 | \"hidden_size\": 0 | hidden_size is 0",
                "\"hidden_size\": 52, | `` | hidden_size is missing",
                "\"eos_token_id\": [2, 3] | \"eos_token_id\": [2, \"x\"] | eos_token_id is [2,\"x\"]",
                "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 3 | tensor model.layers.2.self_attn.q_proj.weight is missing",
                "\"intermediate_size\": 75 | \"intermediate_size\": 76 | model.layers.0.mlp.gate_proj.weight has shape [75, 52]",
                "{\"architectures\" | [\"architectures\" | is not JSON",
            })
    void refusesAConfiguration(String original, String replacement, String message) throws IOException {
        Path at = withConfig(original, replacement);
        assertThatThrownBy(() -> load(at))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(folder.toString())
                .hasMessageMatching("(?s).*; .+");
    }

    @Test
    void readsEndOfSequenceTokensFromTheGenerationConfigurationFirst() throws Exception {
        Path at = TinyModel.ODD.write(folder, 1);
        assertThat(ModelConfig.read(at).eosTokenIds()).containsExactlyInAnyOrder(2, 3);
        Files.writeString(at.resolve("generation_config.json"), "{\"eos_token_id\": 7}");
        assertThat(ModelConfig.read(at).eosTokenIds()).containsExactly(7);
        Files.writeString(at.resolve("generation_config.json"), "{\"do_sample\": true}");
        assertThat(ModelConfig.read(at).eosTokenIds()).containsExactlyInAnyOrder(2, 3);
    }

    @Test
    void refusesMissingFiles() throws Exception {
        assertThatThrownBy(() -> load(folder))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("config.json");
        Path at = TinyModel.ODD.write(folder, 1);
        Files.delete(at.resolve("model.safetensors"));
        assertThatThrownBy(() -> load(at))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("does not exist");
        Files.writeString(at.resolve("model.safetensors.index.json"), "{}");
        assertThatThrownBy(() -> load(at))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("several files");
    }

    @Test
    void refusesEveryTruncation() throws Exception {
        Path at = TinyModel.ODD.write(folder, 1);
        Path weights = at.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        for (int length : new int[] {0, 1, 7, 8, 9, 200, 1_000, whole.length / 2, whole.length - 1}) {
            Files.write(weights, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> load(at))
                    .as("%d bytes", length)
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("download the file again");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}} | truncated",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | does not make the 8 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[6,2]}} | data_offsets is [6,2]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}} | data_offsets is [-4,0]",
                "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}} | dtype I64 is not supported",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1],\"data_offsets\":[0,4]}} | shape is [1,1,1]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | shape is [-1]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647],\"data_offsets\":[0,4]}} | does not make the 4 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}} | overlap",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | not JSON",
                "{\"a\":7} | data_offsets is",
                "[1] | not a JSON object",
            })
    void refusesAHeader(String header, String message) throws IOException {
        Path file = folder.resolve("model.safetensors");
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        Files.write(file, bytes.array());
        try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
            assertThatThrownBy(() -> SafetensorsFile.open(file, arena))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void survivesRandomDamage() throws Exception {
        Path at = TinyModel.ODD.write(folder, 1);
        Path weights = at.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        RandomSource random = new RandomSource(6);
        for (int round = 0; round < 200; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(2_500)] = (byte) random.nextLong();
            }
            Files.write(weights, damaged);
            try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
                SafetensorsFile.open(weights, arena);
            } catch (ModelLoadException e) {
                assertThat(e).hasMessageContaining(";");
            }
        }
    }
}
