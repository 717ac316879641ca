package dev.reprise.engine.local.model;

import dev.reprise.engine.KvLayout;
import dev.reprise.engine.NumericFingerprint;
import dev.reprise.engine.local.model.StepBatch.Segment;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.linear.ActivationRows;
import dev.reprise.engine.local.model.linear.LinearLayer;
import dev.reprise.engine.local.model.linear.ProductTiles;
import dev.reprise.engine.local.model.weights.ModelConfig;
import dev.reprise.runtime.Checks;
import dev.reprise.runtime.InvariantViolation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Llama's forward step.
 *
 * <p>Owns its KV pool and scratch memory, shares the model's weights and compute threads. All scratch is made at the
 * start, for {@link RunnerOptions#maxStepRows} rows.
 */
public final class LlamaRunner implements ModelRunner {
    private static final int ROWS_PER_TASK = 8;

    private final LlamaModel model;
    private final ModelConfig config;
    private final Kernels kernels;
    private final RunnerOptions options;
    private final KvPool kv;
    private final PagedAttention attention;
    private final RotaryTable rotary;
    private final Arena arena = Arena.ofShared();
    private final ActivationRows hiddenInput;
    private final ActivationRows attentionInput;
    private final ActivationRows ffnInput;
    private final List<ProductTiles> tiles = new ArrayList<>();
    private final float[][] normed;
    private final int projectedSize;
    private final float[] hidden;
    private final float[] projected;
    private final float[] attended;
    private final float[] activated;
    private final int[] rowPosition;
    private final int[] rowBlock;
    private boolean closed;

    /** A runner over {@code model}, which it keeps until closed. */
    public LlamaRunner(LlamaModel model, RunnerOptions options) {
        this.model = model;
        this.config = model.config();
        this.kernels = model.kernels();
        this.options = options;
        Checks.check(
                options.maxModelTokens() <= config.maxPositions(),
                "maxModelTokens is %d, the model was made for %d",
                options.maxModelTokens(),
                config.maxPositions());
        int threads = model.pool().threads();
        int rows = options.maxStepRows();
        this.projectedSize = config.querySize() + 2 * config.kvSize();
        this.kv = new KvPool(MemoryEstimate.kvLayout(config, options.blockSizeTokens()), options.totalBlocks());
        this.attention = new PagedAttention(config, kernels, kv, options, threads);
        this.rotary = RotaryTable.of(config, options.maxModelTokens());
        this.hiddenInput = input(config.hiddenSize());
        this.attentionInput = input(config.querySize());
        this.ffnInput = input(config.ffnSize());
        for (int slot = 0; slot < threads; slot++) {
            tiles.add(new ProductTiles(model.precision(), model.maxPartColumns(), arena));
        }
        this.normed = new float[threads][config.hiddenSize()];
        this.hidden = new float[Math.multiplyExact(rows, config.hiddenSize())];
        this.projected = new float[Math.multiplyExact(rows, projectedSize)];
        this.attended = new float[Math.multiplyExact(rows, config.querySize())];
        this.activated = new float[Math.multiplyExact(rows, config.ffnSize())];
        this.rowPosition = new int[rows];
        this.rowBlock = new int[rows];
        model.retain();
    }

    private ActivationRows input(int width) {
        return new ActivationRows(
                model.precision(), kernels, model.linear().levels(), width, options.maxStepRows(), arena);
    }

    @Override
    public NumericFingerprint fingerprint() {
        return model.fingerprint();
    }

    @Override
    public KvLayout kvLayout() {
        return kv.layout();
    }

    @Override
    public int totalBlocks() {
        return kv.totalBlocks();
    }

    @Override
    public int vocabularySize() {
        return config.vocabularySize();
    }

    @Override
    public int maxModelTokens() {
        return options.maxModelTokens();
    }

    @Override
    public void step(StepBatch batch, float[] logits) throws ComputeException {
        Checks.check(!closed, "the runner is closed");
        check(batch, logits);
        try (ComputePool.Turn turn = model.pool().turn()) {
            start(batch);
            attention.plan(batch.segments());
            for (int layer = 0; layer < config.layers(); layer++) {
                computeLayer(turn, layer, batch);
                turn.yieldToOthers();
            }
            computeLogits(turn, batch, logits);
        } catch (InvariantViolation e) {
            // Not this step's fault alone: the engine must not go on.
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ComputeException("the step was interrupted", e);
        } catch (Exception e) {
            throw new ComputeException("the step of %d rows failed: %s".formatted(batch.rows(), e.getMessage()), e);
        } catch (OutOfMemoryError e) {
            throw new ComputeException("no memory for KV blocks: " + e.getMessage(), e);
        }
    }

    private void check(StepBatch batch, float[] logits) {
        int rows = batch.rows();
        Checks.check(rows <= options.maxStepRows(), "%d rows, at most %d", rows, options.maxStepRows());
        Checks.check(
                (long) batch.logitRows() * config.vocabularySize() <= logits.length,
                "%d rows of logits do not fit %d floats",
                batch.logitRows(),
                logits.length);
        for (Segment segment : batch.segments()) {
            int end = segment.startPosition() + segment.tokens().length;
            Checks.check(
                    end <= options.maxModelTokens(), "position %d, at most %d", end - 1, options.maxModelTokens() - 1);
            Checks.check(
                    (long) segment.blockTable().length * options.blockSizeTokens() >= end,
                    "%d blocks do not cover %d tokens",
                    segment.blockTable().length,
                    end);
            for (int block : segment.blockTable()) {
                Checks.check(block >= 0 && block < kv.totalBlocks(), "block %d of %d", block, kv.totalBlocks());
            }
            for (int token : segment.tokens()) {
                Checks.check(
                        token >= 0 && token < config.vocabularySize(),
                        "token id %d, vocabulary of %d",
                        token,
                        config.vocabularySize());
            }
        }
    }

    /** Embeds the tokens and finds out where each row's keys and values go. */
    private void start(StepBatch batch) {
        int row = 0;
        for (Segment segment : batch.segments()) {
            for (int i = 0; i < segment.tokens().length; i++) {
                int position = segment.startPosition() + i;
                rowPosition[row] = position;
                rowBlock[row] = segment.blockTable()[position / options.blockSizeTokens()];
                kv.touch(rowBlock[row]);
                model.embed(segment.tokens()[i], hidden, row * config.hiddenSize());
                row++;
            }
        }
    }

    private void computeLayer(ComputePool.Turn turn, int index, StepBatch batch) throws Exception {
        LlamaModel.Layer layer = model.layers().get(index);
        int rows = batch.rows();
        normalize(turn, layer.inputNorm(), rows);
        multiply(
                turn,
                layer.queryKeyValue(),
                hiddenInput,
                rows,
                (row, column, count, values) ->
                        System.arraycopy(values, 0, projected, row * projectedSize + column, count));
        forRows(turn, rows, (row, slot) -> storeKeysAndValues(index, row));
        attention.attend(turn, index, batch.segments(), projected, projectedSize, attended);
        forRows(turn, rows, (row, slot) -> attentionInput.put(row, attended, row * config.querySize()));
        multiply(turn, layer.attentionOutput(), attentionInput, rows, this::addToHidden);
        normalize(turn, layer.ffnNorm(), rows);
        multiply(turn, layer.gateUp(), hiddenInput, rows, (row, column, count, values) -> {
            int half = count / 2;
            kernels.siluMultiply(values, 0, values, half, activated, row * config.ffnSize() + column, half);
        });
        forRows(turn, rows, (row, slot) -> ffnInput.put(row, activated, row * config.ffnSize()));
        multiply(turn, layer.down(), ffnInput, rows, this::addToHidden);
    }

    private void normalize(ComputePool.Turn turn, float[] weight, int rows) throws Exception {
        forRows(turn, rows, (row, slot) -> normalizeRow(weight, row, row, slot));
    }

    private void normalizeRow(float[] weight, int row, int inputRow, int slot) {
        kernels.rmsNorm(hidden, row * config.hiddenSize(), weight, config.rmsNormEpsilon(), normed[slot], 0);
        hiddenInput.put(inputRow, normed[slot], 0);
    }

    private void storeKeysAndValues(int layer, int row) {
        int start = row * projectedSize;
        int heads = config.heads() + config.kvHeads();
        int table = rotary.start(rowPosition[row]);
        kernels.rotate(projected, start, heads, rotary.half(), rotary.cos(), rotary.sin(), table);
        int keys = start + config.querySize();
        int token = rowPosition[row] % options.blockSizeTokens();
        kv.store(rowBlock[row], token, layer, projected, keys, keys + config.kvSize());
    }

    private void addToHidden(int row, int column, int count, float[] values) {
        kernels.add(hidden, row * config.hiddenSize() + column, values, 0, count);
    }

    private void computeLogits(ComputePool.Turn turn, StepBatch batch, float[] logits) throws Exception {
        int wanted = 0;
        int end = 0;
        for (Segment segment : batch.segments()) {
            end += segment.tokens().length;
            for (int row = end - segment.logitRows(); row < end; row++) {
                normalizeRow(model.finalNorm(), row, wanted, 0);
                wanted++;
            }
        }
        if (wanted > 0) {
            int stride = config.vocabularySize();
            multiply(
                    turn,
                    model.output(),
                    hiddenInput,
                    wanted,
                    (row, column, count, values) -> System.arraycopy(values, 0, logits, row * stride + column, count));
            checkFinite(logits, wanted * stride);
        }
    }

    private static void checkFinite(float[] logits, int count) {
        for (int i = 0; i < count; i++) {
            if (!(Math.abs(logits[i]) <= Float.MAX_VALUE)) {
                throw new ArithmeticException("a logit is not a finite number");
            }
        }
    }

    private void multiply(
            ComputePool.Turn turn, LinearLayer layer, ActivationRows input, int rows, LinearLayer.Results results)
            throws Exception {
        layer.multiply(turn, kernels, input, rows, tiles, results);
    }

    /** One row's work. */
    @FunctionalInterface
    private interface RowTask {
        void run(int row, int slot);
    }

    private static void forRows(ComputePool.Turn turn, int rows, RowTask task) throws Exception {
        turn.run((rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK, (index, slot) -> {
            int end = Math.min(rows, (index + 1) * ROWS_PER_TASK);
            for (int row = index * ROWS_PER_TASK; row < end; row++) {
                task.run(row, slot);
            }
        });
    }

    @Override
    public void exportBlock(int blockId, MemorySegment target) {
        kv.exportBlock(blockId, target);
    }

    @Override
    public void importBlock(int blockId, MemorySegment source) {
        kv.importBlock(blockId, source);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            hiddenInput.close();
            attentionInput.close();
            ffnInput.close();
            tiles.forEach(ProductTiles::close);
            arena.close();
            kv.close();
            model.release();
        }
    }
}
