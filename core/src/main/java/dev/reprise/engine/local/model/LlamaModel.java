package dev.reprise.engine.local.model;

import ai.onnxruntime.OrtException;
import dev.reprise.engine.NumericFingerprint;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.libc.CLibrary;
import dev.reprise.engine.local.model.linear.LinearLayer;
import dev.reprise.engine.local.model.linear.LinearLayerFactory;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.engine.local.model.linear.WeightColumns;
import dev.reprise.engine.local.model.weights.ModelConfig;
import dev.reprise.engine.local.model.weights.ModelLoadException;
import dev.reprise.engine.local.model.weights.SafetensorsFile;
import dev.reprise.engine.local.model.weights.WeightTensor;
import dev.reprise.runtime.Checks;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The weights of one Llama model, loaded once and shared by all runners in the process.
 *
 * <p>Immutable after loading; any thread. Memory is returned when the model itself and every runner made from it have
 * been closed.
 */
public final class LlamaModel implements AutoCloseable {
    private static final String RUNTIME = "onnxruntime 1.29.0";
    private static final String WEIGHTS_FILE = "model.safetensors";
    private static final long WORTH_TRIMMING_BYTES = 64L << 20;

    private final ModelConfig config;
    private final ComputePool pool;
    private final Kernels kernels;
    private final Precision precision;
    private final LinearLayerFactory linear;
    private final Arena arena;
    private final WeightTensor embedding;
    private final List<Layer> layers;
    private final float[] finalNorm;
    private final LinearLayer output;
    private final String weightsDigest;
    private int users = 1;
    private boolean closed;

    private LlamaModel(Loader loader, SafetensorsFile file, ModelConfig config, LinearLayerFactory linear)
            throws Exception {
        this.config = config;
        this.pool = loader.pool;
        this.kernels = loader.kernels;
        this.precision = loader.precision;
        this.linear = linear;
        this.arena = loader.arena;
        this.weightsDigest = digest(file, config);
        this.embedding = file.require("model.embed_tokens.weight", config.vocabularySize(), config.hiddenSize());
        this.finalNorm = loader.vector(file, "model.norm.weight", config.hiddenSize());
        WeightTensor head = config.tiedEmbeddings()
                ? embedding
                : file.require("lm_head.weight", config.vocabularySize(), config.hiddenSize());
        this.layers = loader.layers(file, config, linear);
        this.output = loader.track(linear, WeightColumns.inSequence(head));
        trim();
    }

    /**
     * The runtime copies every matrix twice on the way; what it freed is as much as what it keeps, and the C library
     * holds on to it.
     */
    private void trim() {
        if (MemoryEstimate.weightBytes(config, precision) > WORTH_TRIMMING_BYTES) {
            CLibrary.trim();
        }
    }

    /** One decoder layer. */
    @SuppressWarnings("ArrayRecordComponent") // weights; never compared
    record Layer(
            float[] inputNorm,
            LinearLayer queryKeyValue,
            LinearLayer attentionOutput,
            float[] ffnNorm,
            LinearLayer gateUp,
            LinearLayer down) {}

    /**
     * Loads a Hugging Face folder: config.json, generation_config.json and model.safetensors.
     *
     * @param pool computes the conversion, and later every step; outlives the model
     * @throws ModelLoadException when the folder cannot be served, saying what to do
     */
    public static LlamaModel load(Path folder, Precision precision, Kernels kernels, ComputePool pool)
            throws ModelLoadException {
        ModelConfig config = ModelConfig.read(folder);
        Path weights = folder.resolve(WEIGHTS_FILE);
        Path index = folder.resolve(WEIGHTS_FILE + ".index.json");
        if (!Files.exists(weights) && Files.exists(index)) {
            throw new ModelLoadException(
                    index, "weights in several files are not supported", "merge them into " + WEIGHTS_FILE);
        }
        Loader loader = new Loader(precision, kernels, pool);
        try {
            SafetensorsFile file = SafetensorsFile.open(weights, loader.arena);
            return new LlamaModel(loader, file, config, LinearLayerFactory.probe(precision));
        } catch (ModelLoadException e) {
            loader.abandon();
            throw e;
        } catch (OutOfMemoryError | OrtException e) {
            loader.abandon();
            throw new ModelLoadException(
                    weights,
                    "could not be loaded into ONNX Runtime: " + e.getMessage(),
                    "check that %d MiB of memory are free"
                            .formatted(MemoryEstimate.weightBytes(config, precision) >> 20),
                    e);
        } catch (LinkageError e) {
            loader.abandon();
            throw new ModelLoadException(
                    weights,
                    "needs ONNX Runtime, whose native library cannot be loaded on %s %s: %s"
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), rootOf(e)),
                    "use Linux with glibc, macOS or Windows on x86-64 or AArch64, and a writable temporary folder",
                    e);
        } catch (RuntimeException | Error e) {
            loader.abandon();
            throw e;
        } catch (Exception e) {
            loader.abandon();
            throw new ModelLoadException(weights, "could not be loaded: " + e.getMessage(), "see the cause", e);
        }
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** What is held while loading, so that a failure returns it. */
    private static final class Loader {
        private final Precision precision;
        private final Kernels kernels;
        private final ComputePool pool;
        private final Arena arena = Arena.ofShared();
        private final List<LinearLayer> loaded = new ArrayList<>();

        Loader(Precision precision, Kernels kernels, ComputePool pool) {
            this.precision = precision;
            this.kernels = kernels;
            this.pool = pool;
        }

        List<Layer> layers(SafetensorsFile file, ModelConfig config, LinearLayerFactory linear) throws Exception {
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i < config.layers(); i++) {
                layers.add(layer(file, config, linear, "model.layers." + i + "."));
            }
            return layers;
        }

        private Layer layer(SafetensorsFile file, ModelConfig config, LinearLayerFactory linear, String prefix)
                throws Exception {
            int hidden = config.hiddenSize();
            WeightTensor query = file.require(prefix + "self_attn.q_proj.weight", config.querySize(), hidden);
            WeightTensor key = file.require(prefix + "self_attn.k_proj.weight", config.kvSize(), hidden);
            WeightTensor value = file.require(prefix + "self_attn.v_proj.weight", config.kvSize(), hidden);
            WeightTensor out = file.require(prefix + "self_attn.o_proj.weight", hidden, config.querySize());
            WeightTensor gate = file.require(prefix + "mlp.gate_proj.weight", config.ffnSize(), hidden);
            WeightTensor up = file.require(prefix + "mlp.up_proj.weight", config.ffnSize(), hidden);
            WeightTensor down = file.require(prefix + "mlp.down_proj.weight", hidden, config.ffnSize());
            return new Layer(
                    vector(file, prefix + "input_layernorm.weight", hidden),
                    track(linear, WeightColumns.inSequence(query, key, value)),
                    track(linear, WeightColumns.inSequence(out)),
                    vector(file, prefix + "post_attention_layernorm.weight", hidden),
                    track(linear, WeightColumns.inPairs(gate, up)),
                    track(linear, WeightColumns.inSequence(down)));
        }

        float[] vector(SafetensorsFile file, String name, int size) throws ModelLoadException {
            return file.require(name, 1, size).row(0);
        }

        LinearLayer track(LinearLayerFactory linear, WeightColumns columns) throws Exception {
            try (ComputePool.Turn turn = pool.turn()) {
                LinearLayer layer = linear.load(turn, columns);
                loaded.add(layer);
                return layer;
            }
        }

        void abandon() {
            loaded.forEach(LinearLayer::close);
            arena.close();
        }
    }

    private static String digest(SafetensorsFile file, ModelConfig config) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(config.arithmetic().getBytes(StandardCharsets.UTF_8));
            file.updateDigest(sha);
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform must have SHA-256.
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    /** The model's shape. */
    public ModelConfig config() {
        return config;
    }

    /** How weights are held. */
    public Precision precision() {
        return precision;
    }

    /** What runs between the linear layers. */
    public Kernels kernels() {
        return kernels;
    }

    /** SHA-256 of the weights and the configuration, hexadecimal: names the revision. */
    public String weightsDigest() {
        return weightsDigest;
    }

    /** What blocks computed by this model's runners carry. */
    public NumericFingerprint fingerprint() {
        return new NumericFingerprint(weightsDigest, linear.fingerprint(), RUNTIME, Kernels.ARITHMETIC, "f32");
    }

    ComputePool pool() {
        return pool;
    }

    LinearLayerFactory linear() {
        return linear;
    }

    List<Layer> layers() {
        return layers;
    }

    float[] finalNorm() {
        return finalNorm;
    }

    LinearLayer output() {
        return output;
    }

    /** Copies a token's embedding to {@code target[start …]}. */
    void embed(int tokenId, float[] target, int start) {
        embedding.read(tokenId, 0, config.hiddenSize(), target, start);
    }

    /** The widest piece of a result that any layer gives. */
    int maxPartColumns() {
        int max = output.maxPartColumns();
        for (Layer layer : layers) {
            max = Math.max(max, layer.queryKeyValue.maxPartColumns());
            max = Math.max(max, layer.attentionOutput.maxPartColumns());
            max = Math.max(max, layer.gateUp.maxPartColumns());
            max = Math.max(max, layer.down.maxPartColumns());
        }
        return max;
    }

    /** Keeps the weights until {@link #release}. */
    synchronized void retain() {
        Checks.check(users > 0, "the model is closed");
        users++;
    }

    /** Gives back what {@link #retain} took; the last one frees the weights. */
    synchronized void release() {
        users--;
        if (users == 0) {
            layers.forEach(layer -> List.of(layer.queryKeyValue, layer.attentionOutput, layer.gateUp, layer.down)
                    .forEach(LinearLayer::close));
            output.close();
            arena.close();
            trim();
        }
    }

    /** Ends the loader's own hold. Runners go on. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }
}
