package dev.reprise.benchmarks;

import dev.reprise.runtime.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A Llama model folder with random weights in bf16: as fast or slow as a trained one of its size, and as easy to serve,
 * for it has a tokenizer (one token for each byte) and a chat template.
 *
 * @param hiddenSize width of the residual stream
 * @param ffnSize width inside the feed-forward layers
 * @param layers decoder layers
 * @param heads query heads
 * @param kvHeads key/value heads
 * @param headSize elements per head
 * @param vocabularySize tokens, at least 258
 */
record RandomModel(int hiddenSize, int ffnSize, int layers, int heads, int kvHeads, int headSize, int vocabularySize) {
    /** 254 million weights. */
    static final RandomModel M254 = new RandomModel(1_024, 2_816, 16, 16, 8, 64, 32_000);

    private static final int BUFFER_BYTES = 1 << 20;
    private static final int MAX_POSITIONS = 8_192;

    /** A stored tensor; no rows: a vector of norm weights. */
    private record Tensor(String name, int rows, int columns) {
        long elements() {
            return (long) Math.max(1, rows) * columns;
        }

        String shape() {
            return rows == 0 ? "[%d]".formatted(columns) : "[%d,%d]".formatted(rows, columns);
        }
    }

    /** Writes the folder's files, replacing what is there. */
    void write(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config());
        Files.writeString(folder.resolve("generation_config.json"), "{\"bos_token_id\": 0, \"eos_token_id\": 1}\n");
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"add_bos_token": false, "bos_token": "<|begin|>", "eos_token": "<|end|>",
                 "chat_template": "{{ bos_token }}{% for message in messages %}{{ message['content'] }}{% endfor %}"}
                """);
        writeWeights(folder.resolve("model.safetensors"), new RandomSource(seed));
    }

    private String config() {
        return """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": %d,
                 "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
                 "num_key_value_heads": %d, "head_dim": %d, "vocab_size": %d, "max_position_embeddings": %d,
                 "rms_norm_eps": 1e-5, "rope_theta": 500000.0, "hidden_act": "silu", "tie_word_embeddings": false,
                 "bos_token_id": 0, "eos_token_id": 1}
                """.formatted(hiddenSize, ffnSize, layers, heads, kvHeads, headSize, vocabularySize, MAX_POSITIONS);
    }

    /** Byte-level BPE without merges: 256 bytes, two special tokens, and names for the rest that no text gives. */
    private String tokenizer() {
        StringBuilder vocabulary = new StringBuilder("\"<|begin|>\": 0, \"<|end|>\": 1");
        int unprintable = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value > 32 && value < 127) || (value > 160 && value != 173);
            int character = printable ? value : unprintable++;
            vocabulary.append(", \"\\u%04x\": %d".formatted(character, value + 2));
        }
        for (int id = 258; id < vocabularySize; id++) {
            vocabulary.append(", \"<unused%d>\": %d".formatted(id, id));
        }
        return """
                {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
                 "added_tokens": [
                  {"id": 0, "content": "<|begin|>", "single_word": false, "lstrip": false, "rstrip": false,
                   "normalized": false, "special": true},
                  {"id": 1, "content": "<|end|>", "single_word": false, "lstrip": false, "rstrip": false,
                   "normalized": false, "special": true}],
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
                  "use_regex": true},
                 "post_processor": null,
                 "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
                 "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                  "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
                  "vocab": {%s}, "merges": []}}
                """.formatted(vocabulary);
    }

    private List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>();
        all.add(new Tensor("model.embed_tokens.weight", vocabularySize, hiddenSize));
        all.add(new Tensor("model.norm.weight", 0, hiddenSize));
        all.add(new Tensor("lm_head.weight", vocabularySize, hiddenSize));
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "model.layers." + layer + ".";
            all.add(new Tensor(prefix + "input_layernorm.weight", 0, hiddenSize));
            all.add(new Tensor(prefix + "self_attn.q_proj.weight", heads * headSize, hiddenSize));
            all.add(new Tensor(prefix + "self_attn.k_proj.weight", kvHeads * headSize, hiddenSize));
            all.add(new Tensor(prefix + "self_attn.v_proj.weight", kvHeads * headSize, hiddenSize));
            all.add(new Tensor(prefix + "self_attn.o_proj.weight", hiddenSize, heads * headSize));
            all.add(new Tensor(prefix + "post_attention_layernorm.weight", 0, hiddenSize));
            all.add(new Tensor(prefix + "mlp.gate_proj.weight", ffnSize, hiddenSize));
            all.add(new Tensor(prefix + "mlp.up_proj.weight", ffnSize, hiddenSize));
            all.add(new Tensor(prefix + "mlp.down_proj.weight", hiddenSize, ffnSize));
        }
        return all;
    }

    private void writeWeights(Path file, RandomSource random) throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long at = 0;
        for (Tensor tensor : tensors()) {
            long end = at + 2 * tensor.elements();
            header.append(",\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(tensor.name, tensor.shape(), at, end));
            at = end;
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            buffer.putLong(json.length).put(json);
            for (Tensor tensor : tensors()) {
                // Uniform, with the variance that keeps a row's size from layer to layer.
                float middle = tensor.rows == 0 ? 1 : 0;
                float spread = tensor.rows == 0 ? 0.2f : (float) Math.sqrt(12.0 / tensor.columns);
                for (long i = 0; i < tensor.elements(); i++) {
                    float value = middle + spread * (float) (random.nextDouble() - 0.5);
                    buffer.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                    if (buffer.remaining() < 2) {
                        drain(buffer, channel);
                    }
                }
            }
            drain(buffer, channel);
        }
    }

    private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
