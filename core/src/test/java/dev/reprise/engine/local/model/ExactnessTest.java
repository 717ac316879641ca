package dev.reprise.engine.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.kernel.ScalarKernels;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.runtime.InvariantViolation;
import dev.reprise.runtime.RandomSource;
import dev.reprise.testing.TestScale;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A row's logits depend on its sequence alone, bit for bit. */
class ExactnessTest {
    private static final int MAX_ROWS = 100;
    private static final RunnerOptions OPTIONS = new RunnerOptions(32, 24, 512, MAX_ROWS);

    @TempDir
    Path folder;

    private float[] whole(LlamaModel model, int[] tokens) throws ComputeException {
        try (LlamaRunner runner = new LlamaRunner(model, OPTIONS)) {
            return new SequenceDriver(runner).tokenByToken(tokens);
        }
    }

    private static void assertSameBits(float[] actual, float[] expected, String what) {
        for (int i = 0; i < expected.length; i++) {
            boolean same = SequenceDriver.isUnwanted(actual[i])
                    || Float.floatToRawIntBits(actual[i]) == Float.floatToRawIntBits(expected[i]);
            assertThat(same)
                    .as("%s: logit %d is %s, not %s", what, i, actual[i], expected[i])
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyScheduleGivesTheBitsOfASequentialRun(Precision precision) throws Exception {
        int rounds = TestScale.rounds(1_000, 60);
        RandomSource random = new RandomSource(41);
        for (int round = 0; round < rounds; round += 10) {
            TinyModel tiny = round == 0 ? TinyModel.ODD : round == 10 ? TinyModel.WIDE : TinyModel.random(random);
            Path at = tiny.write(folder.resolve(precision.label() + round), random.nextLong());
            try (ComputePool pool = new ComputePool(1 + round / 10 % 3);
                    LlamaModel model = LlamaModel.load(at, precision, new VectorKernels(), pool)) {
                compareSchedules(model, random, 10);
            }
        }
    }

    private void compareSchedules(LlamaModel model, RandomSource random, int rounds) throws ComputeException {
        List<int[]> sequences = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int count = 1 + random.nextInt(i == 0 ? 200 : 60);
            int[] tokens = SequenceDriver.tokens(random, count, model.config().vocabularySize());
            sequences.add(tokens);
            expected.add(whole(model, tokens));
        }
        for (int round = 0; round < rounds; round++) {
            int blockSize = 16 * (1 + random.nextInt(4));
            try (LlamaRunner runner = new LlamaRunner(model, new RunnerOptions(blockSize, 40, 512, MAX_ROWS))) {
                List<float[]> actual = new SequenceDriver(runner).randomSchedule(sequences, random, MAX_ROWS);
                for (int i = 0; i < sequences.size(); i++) {
                    assertSameBits(actual.get(i), expected.get(i), "round %d, sequence %d".formatted(round, i));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void threadsAndKernelsDoNotChangeABit(Precision precision) throws Exception {
        RandomSource random = new RandomSource(5);
        Path at = TinyModel.WIDE.write(folder, 17);
        int[] tokens = SequenceDriver.tokens(random, 150, TinyModel.WIDE.vocabularySize());
        List<float[]> results = new ArrayList<>();
        for (int threads : new int[] {1, 2, 3, 5}) {
            for (Kernels kernels : List.of(new VectorKernels(), new ScalarKernels())) {
                try (ComputePool pool = new ComputePool(threads);
                        LlamaModel model = LlamaModel.load(at, precision, kernels, pool)) {
                    try (LlamaRunner runner = new LlamaRunner(model, OPTIONS)) {
                        results.add(new SequenceDriver(runner)
                                .randomSchedule(List.of(tokens), new RandomSource(9), MAX_ROWS)
                                .getFirst());
                    }
                }
            }
        }
        for (float[] result : results) {
            assertSameBits(result, results.getFirst(), precision.label());
        }
    }

    @Test
    void exportedBlocksGiveTheSameBitsInAnotherRunner() throws Exception {
        Path at = TinyModel.ODD.write(folder, 3);
        int[] tokens = SequenceDriver.tokens(new RandomSource(8), 90, TinyModel.ODD.vocabularySize());
        try (ComputePool pool = new ComputePool(2);
                Arena arena = Arena.ofConfined();
                LlamaModel model = LlamaModel.load(at, Precision.INT8, new VectorKernels(), pool);
                LlamaRunner first = new LlamaRunner(model, OPTIONS);
                LlamaRunner second = new LlamaRunner(model, OPTIONS)) {
            float[] expected = new SequenceDriver(first).tokenByToken(tokens);
            MemorySegment block = arena.allocate(first.kvLayout().blockBytes());
            first.exportBlock(0, block);
            second.importBlock(7, block);
            first.exportBlock(1, block);
            second.importBlock(5, block);
            int vocabulary = second.vocabularySize();
            float[] rest = new float[26 * vocabulary];
            int[] tail = java.util.Arrays.copyOfRange(tokens, 64, 90);
            second.step(new StepBatch(List.of(new StepBatch.Segment(tail, 64, new int[] {7, 5, 2}, 26))), rest);
            assertSameBits(
                    rest, java.util.Arrays.copyOfRange(expected, 64 * vocabulary, 90 * vocabulary), "after import");
        }
    }

    @Test
    void exportHasTheNeutralLayout() throws Exception {
        Path at = TinyModel.ODD.write(folder, 3);
        try (ComputePool pool = new ComputePool(1);
                Arena arena = Arena.ofConfined();
                LlamaModel model = LlamaModel.load(at, Precision.F32, new ScalarKernels(), pool);
                LlamaRunner runner = new LlamaRunner(model, OPTIONS)) {
            MemorySegment numbered = arena.allocate(runner.kvLayout().blockBytes(), 4);
            for (long i = 0; i < numbered.byteSize() / 4; i++) {
                numbered.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i, i);
            }
            runner.importBlock(3, numbered);
            MemorySegment back = arena.allocate(runner.kvLayout().blockBytes());
            runner.exportBlock(3, back);
            assertThat(back.mismatch(numbered)).isEqualTo(-1);
        }
    }

    @Test
    void fingerprintsDifferByWeightsAndPrecisionAlone() throws Exception {
        Path one = TinyModel.ODD.write(folder.resolve("one"), 1);
        Path two = TinyModel.ODD.write(folder.resolve("two"), 2);
        try (ComputePool pool = new ComputePool(1);
                LlamaModel a = LlamaModel.load(one, Precision.F32, new ScalarKernels(), pool);
                LlamaModel b = LlamaModel.load(one, Precision.F32, new VectorKernels(), pool);
                LlamaModel c = LlamaModel.load(one, Precision.INT8, new VectorKernels(), pool);
                LlamaModel d = LlamaModel.load(two, Precision.F32, new VectorKernels(), pool)) {
            assertThat(a.fingerprint()).isEqualTo(b.fingerprint());
            assertThat(c.fingerprint()).isNotEqualTo(a.fingerprint());
            assertThat(d.fingerprint()).isNotEqualTo(a.fingerprint());
        }
    }

    @Test
    void aBrokenInvariantIsNotTakenForAFailedStep() throws Exception {
        Path at = TinyModel.ODD.write(folder.resolve("invariant"), 1);
        try (ComputePool pool = new ComputePool(1);
                LlamaModel model = LlamaModel.load(at, Precision.INT8, new ScalarKernels(), pool);
                LlamaRunner runner = new LlamaRunner(model, OPTIONS)) {
            StepBatch outside = new StepBatch(List.of(new StepBatch.Segment(new int[] {1}, 0, new int[] {24}, 0)));
            assertThatThrownBy(() -> runner.step(outside, new float[0])).isInstanceOf(InvariantViolation.class);
        }
    }
}
