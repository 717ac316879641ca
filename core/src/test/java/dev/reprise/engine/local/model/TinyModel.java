package dev.reprise.engine.local.model;

import dev.reprise.runtime.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes folders of tiny Llama models with random weights. */
public record TinyModel(
        int hiddenSize,
        int ffnSize,
        int layers,
        int heads,
        int kvHeads,
        int headSize,
        int vocabularySize,
        boolean tied) {
    /** Odd sizes on purpose: nothing but the head size divides by 16. */
    public static final TinyModel ODD = new TinyModel(52, 75, 2, 6, 2, 18, 131, false);

    /** Several slices in each matrix. */
    public static final TinyModel WIDE = new TinyModel(96, 700, 2, 4, 1, 160, 1_100, true);

    /** A draw of sizes. */
    public static TinyModel random(RandomSource random) {
        int kvHeads = 1 + random.nextInt(3);
        return new TinyModel(
                8 + random.nextInt(90),
                8 + random.nextInt(120),
                1 + random.nextInt(3),
                kvHeads * (1 + random.nextInt(4)),
                kvHeads,
                2 * (1 + random.nextInt(20)),
                40 + random.nextInt(200),
                random.nextInt(2) == 0);
    }

    /** config.json's text. */
    public String config() {
        return """
                {"architectures": ["LlamaForCausalLM"], "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d,
                 "vocab_size": %d, "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
                 "hidden_act": "silu", "tie_word_embeddings": %s, "eos_token_id": [2, 3]}
                """.formatted(hiddenSize, ffnSize, layers, heads, kvHeads, headSize, vocabularySize, tied);
    }

    /** Writes the folder. */
    public Path write(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config());
        Files.write(folder.resolve("model.safetensors"), weights(new RandomSource(seed)));
        return folder;
    }

    private record Tensor(String name, int rows, int columns) {}

    private List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>();
        all.add(new Tensor("model.embed_tokens.weight", vocabularySize, hiddenSize));
        if (!tied) {
            all.add(new Tensor("lm_head.weight", vocabularySize, hiddenSize));
        }
        all.add(new Tensor("model.norm.weight", 0, hiddenSize));
        for (int i = 0; i < layers; i++) {
            String prefix = "model.layers." + i + ".";
            all.add(new Tensor(prefix + "input_layernorm.weight", 0, hiddenSize));
            all.add(new Tensor(prefix + "post_attention_layernorm.weight", 0, hiddenSize));
            all.add(new Tensor(prefix + "self_attn.q_proj.weight", heads * headSize, hiddenSize));
            all.add(new Tensor(prefix + "self_attn.k_proj.weight", kvHeads * headSize, hiddenSize));
            all.add(new Tensor(prefix + "self_attn.v_proj.weight", kvHeads * headSize, hiddenSize));
            all.add(new Tensor(prefix + "self_attn.o_proj.weight", hiddenSize, heads * headSize));
            all.add(new Tensor(prefix + "mlp.gate_proj.weight", ffnSize, hiddenSize));
            all.add(new Tensor(prefix + "mlp.up_proj.weight", ffnSize, hiddenSize));
            all.add(new Tensor(prefix + "mlp.down_proj.weight", hiddenSize, ffnSize));
        }
        return all;
    }

    private byte[] weights(RandomSource random) {
        StringBuilder header = new StringBuilder("{");
        int at = 0;
        for (Tensor tensor : tensors()) {
            int bytes = 4 * Math.max(1, tensor.rows) * tensor.columns;
            header.append(header.length() > 1 ? "," : "")
                    .append("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    tensor.name,
                                    tensor.rows == 0
                                            ? "[" + tensor.columns + "]"
                                            : "[" + tensor.rows + "," + tensor.columns + "]",
                                    at,
                                    at + bytes));
            at += bytes;
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + at).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (Tensor tensor : tensors()) {
            float spread = tensor.rows == 0 ? 0.2f : (float) Math.sqrt(12.0 / tensor.columns);
            float middle = tensor.rows == 0 ? 1.0f : 0.0f;
            for (int i = 0; i < Math.max(1, tensor.rows) * tensor.columns; i++) {
                file.putFloat(middle + spread * (float) (random.nextDouble() - 0.5));
            }
        }
        return file.array();
    }
}
