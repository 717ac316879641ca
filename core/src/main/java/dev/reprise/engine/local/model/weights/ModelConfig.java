package dev.reprise.engine.local.model.weights;

import dev.reprise.runtime.FileFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a model folder's config.json and generation_config.json say, as far as it changes the arithmetic.
 *
 * @param hiddenSize width of the residual stream
 * @param ffnSize width inside the feed-forward layers
 * @param layers decoder layers
 * @param heads query heads
 * @param kvHeads key/value heads; divides {@code heads}
 * @param headSize elements per head, even
 * @param vocabularySize token ids are below this
 * @param maxPositions longest sequence the model was made for, tokens
 * @param rmsNormEpsilon added to the mean square
 * @param ropeTheta base of the rotary frequencies
 * @param tiedEmbeddings the output layer uses the embedding's weights
 * @param eosTokenIds token ids that end a sequence
 */
public record ModelConfig(
        int hiddenSize,
        int ffnSize,
        int layers,
        int heads,
        int kvHeads,
        int headSize,
        int vocabularySize,
        int maxPositions,
        float rmsNormEpsilon,
        double ropeTheta,
        boolean tiedEmbeddings,
        Set<Integer> eosTokenIds) {
    /** The largest width of a row: 32-bit sums of products of 8-bit integers cannot overflow up to here. */
    public static final int MAX_WIDTH = 65_536;

    /** Copies the set. */
    public ModelConfig {
        eosTokenIds = Set.copyOf(eosTokenIds);
    }

    /** Width of all query heads. */
    public int querySize() {
        return heads * headSize;
    }

    /** Width of all key heads, and of all value heads. */
    public int kvSize() {
        return kvHeads * headSize;
    }

    /** Query heads that share one key/value head. */
    public int headsPerKvHead() {
        return heads / kvHeads;
    }

    /** Weights in all matrices and vectors. */
    public long parameters() {
        long attention = (long) hiddenSize * (querySize() + 2L * kvSize()) + (long) querySize() * hiddenSize;
        long layer = attention + 3L * hiddenSize * ffnSize + 2L * hiddenSize;
        long embeddings = (long) vocabularySize * hiddenSize * (tiedEmbeddings ? 1 : 2);
        return layers * layer + embeddings + hiddenSize;
    }

    /** Every field that changes the numbers a token's logits are made of, in a fixed form. */
    public String arithmetic() {
        return "llama hidden=%d ffn=%d layers=%d heads=%d/%d head=%d vocab=%d eps=%s theta=%s tied=%s"
                .formatted(
                        hiddenSize,
                        ffnSize,
                        layers,
                        heads,
                        kvHeads,
                        headSize,
                        vocabularySize,
                        rmsNormEpsilon,
                        ropeTheta,
                        tiedEmbeddings);
    }

    /**
     * Reads config.json and, where present, generation_config.json of {@code folder}.
     *
     * @throws ModelLoadException when a file is missing or malformed, or the model is not of a supported kind
     */
    public static ModelConfig read(Path folder) throws ModelLoadException {
        Path file = folder.resolve("config.json");
        Fields config = new Fields(file, json(file));
        config.refuseUnsupported();
        Path generationFile = folder.resolve("generation_config.json");
        JsonNode generation = Files.exists(generationFile) ? json(generationFile) : config.root;
        Fields eos = generation.has("eos_token_id") ? new Fields(generationFile, generation) : config;
        return config.toConfig(eos.tokenIds("eos_token_id"));
    }

    private static JsonNode json(Path file) throws ModelLoadException {
        try {
            JsonNode root = new JsonMapper().readTree(Files.readAllBytes(file));
            if (!root.isObject()) {
                throw new ModelLoadException(file, "is not a JSON object", "download the model folder again");
            }
            return root;
        } catch (IOException e) {
            throw new ModelLoadException(
                    file,
                    FileFaults.describe(e),
                    "give a Hugging Face model folder with config.json and model.safetensors",
                    e);
        } catch (JacksonException e) {
            throw new ModelLoadException(
                    file, "is not JSON: " + e.getOriginalMessage(), "download the model folder again", e);
        }
    }

    /** Typed access to the members of one file. */
    private static final class Fields {
        private static final String SUPPORTED = "serve it through an engine that supports this";
        private static final int MAX_LAYERS = 1_000;
        private static final int MAX_VOCABULARY = 4_000_000;
        private static final int MAX_POSITIONS = 16_000_000;

        private final Path file;
        private final JsonNode root;

        Fields(Path file, JsonNode root) {
            this.file = file;
            this.root = root;
        }

        void refuseUnsupported() throws ModelLoadException {
            JsonNode architectures = root.path("architectures");
            if (architectures.size() != 1 || !architectures.get(0).asString("").equals("LlamaForCausalLM")) {
                throw refused("architectures", architectures, "only [\"LlamaForCausalLM\"] is supported");
            }
            allowOnly("hidden_act", "\"silu\"");
            allowOnly("rope_scaling", "null");
            allowOnly("attention_bias", "false");
            allowOnly("mlp_bias", "false");
            allowOnly("pretraining_tp", "1");
            allowOnly("sliding_window", "null");
            allowOnly("quantization_config", "null");
            allowOnly("partial_rotary_factor", "1.0");
            allowOnly("rope_interleaved", "false");
            JsonNode rope = root.path("rope_parameters");
            for (String name : rope.propertyNames()) {
                JsonNode value = rope.get(name);
                boolean known = name.equals("rope_theta")
                        || (name.equals("rope_type") && value.asString("").equals("default"));
                if (!known) {
                    throw refused("rope_parameters." + name, value, "only rope_type \"default\" is supported");
                }
            }
        }

        private void allowOnly(String name, String allowed) throws ModelLoadException {
            JsonNode value = root.path(name);
            if (!value.isMissingNode() && !value.isNull() && !value.toString().equals(allowed)) {
                throw refused(name, value, "only " + allowed + " is supported");
            }
        }

        ModelConfig toConfig(Set<Integer> eosTokenIds) throws ModelLoadException {
            int hiddenSize = integer("hidden_size", MAX_WIDTH);
            int heads = integer("num_attention_heads", MAX_WIDTH);
            int kvHeads = has("num_key_value_heads") ? integer("num_key_value_heads", heads) : heads;
            int headSize = has("head_dim") ? integer("head_dim", MAX_WIDTH) : hiddenSize / heads;
            if (heads % kvHeads != 0) {
                throw refused(
                        "num_key_value_heads",
                        root.path("num_key_value_heads"),
                        "it must divide num_attention_heads (%d)".formatted(heads));
            }
            if (headSize < 2 || headSize % 2 != 0 || (long) heads * headSize > MAX_WIDTH) {
                throw refused("head_dim", root.path("head_dim"), "heads must be even and at most 65536 wide in all");
            }
            return new ModelConfig(
                    hiddenSize,
                    integer("intermediate_size", MAX_WIDTH),
                    integer("num_hidden_layers", MAX_LAYERS),
                    heads,
                    kvHeads,
                    headSize,
                    integer("vocab_size", MAX_VOCABULARY),
                    has("max_position_embeddings") ? integer("max_position_embeddings", MAX_POSITIONS) : 2_048,
                    (float) positive(root, "rms_norm_eps", 1e-6),
                    has("rope_parameters")
                            ? positive(root.path("rope_parameters"), "rope_theta", 10_000)
                            : positive(root, "rope_theta", 10_000),
                    root.path("tie_word_embeddings").asBoolean(false),
                    eosTokenIds);
        }

        private boolean has(String name) {
            return root.hasNonNull(name);
        }

        private int integer(String name, int max) throws ModelLoadException {
            JsonNode value = root.path(name);
            if (!value.canConvertToInt()
                    || !value.isIntegralNumber()
                    || value.intValue() < 1
                    || value.intValue() > max) {
                throw refused(name, value, "it must be an integer from 1 to " + max);
            }
            return value.intValue();
        }

        private double positive(JsonNode parent, String name, double absent) throws ModelLoadException {
            JsonNode value = parent.path(name);
            if (value.isMissingNode() || value.isNull()) {
                return absent;
            }
            if (!value.isNumber() || !(value.doubleValue() > 0) || Double.isInfinite(value.doubleValue())) {
                throw refused(name, value, "it must be a positive number");
            }
            return value.doubleValue();
        }

        Set<Integer> tokenIds(String name) throws ModelLoadException {
            JsonNode value = root.path(name);
            Set<Integer> ids = new TreeSet<>();
            if (value.isMissingNode() || value.isNull()) {
                return ids;
            }
            for (JsonNode id : value.isArray() ? value.values() : Set.of(value)) {
                if (!id.canConvertToInt() || !id.isIntegralNumber() || id.intValue() < 0) {
                    throw refused(name, value, "it must be a token id or a list of them");
                }
                ids.add(id.intValue());
            }
            return ids;
        }

        private ModelLoadException refused(String name, JsonNode value, String expected) {
            String shown = value.isMissingNode() ? "missing" : value.toString();
            return new ModelLoadException(file, "%s is %s: %s".formatted(name, shown, expected), SUPPORTED);
        }
    }
}
