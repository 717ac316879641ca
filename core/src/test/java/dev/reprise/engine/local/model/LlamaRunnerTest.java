package dev.reprise.engine.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.local.model.StepBatch.Segment;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.engine.local.model.weights.ModelConfig;
import dev.reprise.runtime.InvariantViolation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a runner refuses, how it fails, and how runners share a model. */
@Timeout(60)
class LlamaRunnerTest {
    private static final RunnerOptions OPTIONS = new RunnerOptions(16, 8, 100, 20);

    @TempDir
    Path folder;

    private final ComputePool pool = new ComputePool(2);

    @AfterEach
    void closePool() {
        pool.close();
    }

    private LlamaModel load(Precision precision) throws Exception {
        return LlamaModel.load(folder, precision, new VectorKernels(), pool);
    }

    private static StepBatch batch(int[] tokens, int start, int[] table) {
        return new StepBatch(List.of(new Segment(tokens, start, table, 1)));
    }

    @Test
    void refusesWhatTheCallerMustNotAsk() throws Exception {
        TinyModel.ODD.write(folder, 1);
        try (LlamaModel model = load(Precision.F32);
                LlamaRunner runner = new LlamaRunner(model, OPTIONS)) {
            float[] logits = new float[runner.vocabularySize()];
            List<StepBatch> refused = List.of(
                    batch(new int[21], 0, new int[] {0, 1}),
                    batch(new int[] {131}, 0, new int[] {0}),
                    batch(new int[] {-1}, 0, new int[] {0}),
                    batch(new int[] {1}, 16, new int[] {0}),
                    batch(new int[] {1}, 100, new int[] {0, 1, 2, 3, 4, 5, 6}),
                    batch(new int[] {1}, 0, new int[] {8}));
            for (StepBatch batch : refused) {
                assertThatThrownBy(() -> runner.step(batch, logits)).isInstanceOf(InvariantViolation.class);
            }
            assertThatThrownBy(() -> runner.step(batch(new int[] {1}, 0, new int[] {0}), new float[5]))
                    .isInstanceOf(InvariantViolation.class);
            runner.step(batch(new int[] {1}, 0, new int[] {0}), logits);
        }
        try (LlamaModel model = load(Precision.F32)) {
            assertThatThrownBy(() -> new LlamaRunner(model, new RunnerOptions(16, 8, 513, 20)))
                    .hasMessageContaining("513");
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aStepThatGivesNoNumbersFails(Precision precision) throws Exception {
        Path weights = TinyModel.ODD.write(folder, 1).resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
        Files.write(weights, bytes);
        try (LlamaModel model = load(precision);
                LlamaRunner runner = new LlamaRunner(model, OPTIONS)) {
            float[] logits = new float[runner.vocabularySize()];
            assertThatThrownBy(() -> runner.step(batch(new int[] {1, 2}, 0, new int[] {0}), logits))
                    .isInstanceOf(ComputeException.class)
                    .hasMessageContaining("not")
                    .hasMessageContaining("finite");
        }
    }

    @Test
    void theLastUserFreesTheWeights() throws Exception {
        TinyModel.ODD.write(folder, 1);
        LlamaModel model = load(Precision.INT8);
        LlamaRunner first = new LlamaRunner(model, OPTIONS);
        LlamaRunner second = new LlamaRunner(model, OPTIONS);
        float[] logits = new float[first.vocabularySize()];
        model.close();
        model.close();
        first.close();
        first.close();
        second.step(batch(new int[] {1}, 0, new int[] {0}), logits);
        second.close();
        assertThatThrownBy(() -> second.step(batch(new int[] {1}, 0, new int[] {0}), logits))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> new LlamaRunner(model, OPTIONS)).hasMessageContaining("closed");
    }

    @Test
    void runnersOfOneModelComputeAtOnce() throws Exception {
        TinyModel.ODD.write(folder, 1);
        try (LlamaModel model = load(Precision.INT8)) {
            List<float[]> results = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                float[] logits = new float[model.config().vocabularySize()];
                results.add(logits);
                threads.add(Thread.ofPlatform().start(() -> decode(model, logits)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(results.get(1)).isEqualTo(results.get(0));
            assertThat(results.get(2)).isEqualTo(results.get(0));
        }
    }

    private static void decode(LlamaModel model, float[] logits) {
        try (LlamaRunner runner = new LlamaRunner(model, OPTIONS)) {
            for (int position = 0; position < 60; position++) {
                runner.step(batch(new int[] {position}, position, new int[] {5, 2, 7, 0}), logits);
            }
        } catch (ComputeException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theEstimateCountsEveryWeight() throws Exception {
        for (TinyModel tiny : List.of(TinyModel.ODD, TinyModel.WIDE)) {
            Path at = tiny.write(folder.resolve(Integer.toString(tiny.layers() + tiny.ffnSize())), 1);
            ModelConfig config = ModelConfig.read(at);
            byte[] bytes = Files.readAllBytes(at.resolve("model.safetensors"));
            long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
            assertThat(config.parameters() * 4).isEqualTo(bytes.length - 8 - header);
            MemoryEstimate estimate = MemoryEstimate.of(config, Precision.F32, OPTIONS, 2);
            long embedding = tiny.tied() ? 0 : (long) config.vocabularySize() * config.hiddenSize();
            assertThat(estimate.weightBytes()).isEqualTo((config.parameters() - embedding) * 4);
            assertThat(estimate.kvBytes())
                    .isEqualTo(8L * 16 * 2 * 4 * config.layers() * config.kvHeads() * config.headSize());
            assertThat(estimate.totalBytes()).isGreaterThan(estimate.weightBytes() + estimate.kvBytes());
        }
    }
}
