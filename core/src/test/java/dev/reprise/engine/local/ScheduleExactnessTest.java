package dev.reprise.engine.local;

import dev.reprise.engine.local.model.LlamaModel;
import dev.reprise.engine.local.model.LlamaRunner;
import dev.reprise.engine.local.model.RunnerOptions;
import dev.reprise.engine.local.model.TinyModel;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.kernel.ScalarKernels;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.runtime.RandomSource;
import dev.reprise.testing.TestScale;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Logits depend on a request's tokens alone, bit for bit: not on batch composition, chunk size, block size, preemption,
 * eviction, prefix-cache hits, thread count or the failures of others.
 */
class ScheduleExactnessTest {
    private static final int SCHEDULES_PER_MODEL = 20;
    private static final int MAX_ROWS = 128;

    @TempDir
    Path folder;

    @Test
    void blocksHoldWhatTheirTokensSay() throws Exception {
        RandomSchedules.Coverage coverage = new RandomSchedules.Coverage();
        int schedules = TestScale.rounds(5_000, 500);
        for (int i = 0; i < schedules; i += SCHEDULES_PER_MODEL) {
            RandomSource random = new RandomSource(i);
            int blockSize = 2 + random.nextInt(6);
            RandomSchedules run = new RandomSchedules(
                    (blocks, size) -> new FakeModelRunner(blocks, size, 50, 1_000),
                    new SamplingChooser(new ScalarKernels(), 50),
                    random,
                    new int[] {blockSize, 1 + random.nextInt(9)},
                    coverage);
            for (int j = 0; j < SCHEDULES_PER_MODEL; j++) {
                run.run(i + j);
            }
        }
        coverage.assertAllMet();
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyScheduleOfARealModelGivesTheSameLogits(Precision precision) throws Exception {
        RandomSchedules.Coverage coverage = new RandomSchedules.Coverage();
        int schedules = TestScale.either(2_000, 100);
        for (int i = 0; i < schedules; i += SCHEDULES_PER_MODEL) {
            RandomSource random = new RandomSource(1_000 + i);
            TinyModel tiny = i == 0 ? TinyModel.ODD : TinyModel.random(random);
            Path at = tiny.write(folder.resolve(precision.label() + i), random.nextLong());
            Kernels kernels = i / SCHEDULES_PER_MODEL % 4 == 3 ? new ScalarKernels() : new VectorKernels();
            try (ComputePool pool = new ComputePool(1 + random.nextInt(3));
                    LlamaModel model = LlamaModel.load(at, precision, kernels, pool)) {
                runSchedules(model, random, i, coverage);
            }
        }
        coverage.assertAllMet();
    }

    private static void runSchedules(
            LlamaModel model, RandomSource random, int first, RandomSchedules.Coverage coverage) throws Exception {
        RandomSchedules run = new RandomSchedules(
                (blocks, size) -> new LlamaRunner(model, new RunnerOptions(size, blocks, 512, MAX_ROWS)),
                new SamplingChooser(model.kernels(), model.config().vocabularySize()),
                random,
                new int[] {16, 32},
                coverage);
        for (int i = 0; i < SCHEDULES_PER_MODEL; i++) {
            run.run(first + i);
        }
    }
}
