package dev.reprise.engine.local.model.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.engine.local.model.TinyModel;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.weights.SafetensorsFile;
import dev.reprise.engine.local.model.weights.WeightTensor;
import dev.reprise.runtime.RandomSource;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products are right, and a row's bits do not depend on how many rows and threads computed it. */
class LinearLayerTest {
    private static final int MAX_ROWS = 512;

    private final Kernels kernels = new VectorKernels();

    @TempDir
    Path folder;

    /** A layer with its inputs and the room for its results. */
    private final class Bench implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final ComputePool pool;
        private final LinearLayer layer;
        private final ActivationRows input;
        private final List<ProductTiles> tiles;
        private final int columns;
        final WeightTensor weights;

        Bench(Precision precision, int threads, String tensor) throws Exception {
            pool = new ComputePool(threads);
            Path file = TinyModel.WIDE.write(folder.resolve("wide"), 4).resolve("model.safetensors");
            SafetensorsFile opened = SafetensorsFile.open(file, arena);
            weights = opened.find(tensor).orElseThrow();
            LinearLayerFactory factory = LinearLayerFactory.probe(precision);
            try (ComputePool.Turn turn = pool.turn()) {
                layer = factory.load(turn, WeightColumns.inSequence(weights));
            }
            columns = weights.rows();
            input = new ActivationRows(precision, kernels, factory.levels(), weights.columns(), MAX_ROWS, arena);
            ProductTiles[] perThread = new ProductTiles[threads];
            Arrays.setAll(perThread, slot -> new ProductTiles(precision, layer.maxPartColumns(), arena));
            tiles = List.of(perThread);
        }

        float[] multiply(float[] rows, int first, int count) throws Exception {
            for (int i = 0; i < count; i++) {
                input.put(i, rows, (first + i) * weights.columns());
            }
            float[] result = new float[count * columns];
            try (ComputePool.Turn turn = pool.turn()) {
                layer.multiply(
                        turn,
                        kernels,
                        input,
                        count,
                        tiles,
                        (row, column, n, values) -> System.arraycopy(values, 0, result, row * columns + column, n));
            }
            return result;
        }

        @Override
        public void close() {
            input.close();
            tiles.forEach(ProductTiles::close);
            layer.close();
            pool.close();
            arena.close();
        }
    }

    private static float[] rows(int count, int width) {
        RandomSource random = new RandomSource(2);
        float[] rows = new float[count * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (random.nextDouble() * 4 - 2);
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void bitsDoNotDependOnTheNumberOfRowsOrThreads(Precision precision) throws Exception {
        for (String tensor : List.of("model.layers.0.mlp.up_proj.weight", "model.layers.1.mlp.down_proj.weight")) {
            float[] expected = new float[0];
            for (int threads = 1; threads <= 3; threads++) {
                try (Bench bench = new Bench(precision, threads, tensor)) {
                    float[] rows = rows(MAX_ROWS, bench.weights.columns());
                    float[] all = bench.multiply(rows, 0, MAX_ROWS);
                    if (threads == 1) {
                        expected = all;
                    }
                    assertSameBits(all, expected, 0);
                    for (int count : new int[] {1, 2, 3, 5, 8, 16, 17, 33, 63, 64, 65, 100, 128, 300}) {
                        int first = (count * 37) % (MAX_ROWS - count);
                        int width = bench.weights.rows();
                        assertSameBits(bench.multiply(rows, first, count), expected, first * width);
                    }
                }
            }
        }
    }

    /** {@code actual} stands at {@code from} in {@code expected}. */
    private static void assertSameBits(float[] actual, float[] expected, int from) {
        for (int i = 0; i < actual.length; i++) {
            if (Float.floatToRawIntBits(actual[i]) != Float.floatToRawIntBits(expected[from + i])) {
                assertThat(actual[i]).as("result %d of %d", i, actual.length).isEqualTo(expected[from + i]);
                throw new AssertionError("bits differ at " + i);
            }
        }
    }

    @Test
    void productsAreClose() throws Exception {
        for (Precision precision : Precision.values()) {
            try (Bench bench = new Bench(precision, 2, "model.layers.0.mlp.down_proj.weight")) {
                int width = bench.weights.columns();
                float[] rows = rows(3, width);
                float[] result = bench.multiply(rows, 0, 3);
                for (int row = 0; row < 3; row++) {
                    for (int column = 0; column < bench.weights.rows(); column++) {
                        float[] weights = bench.weights.row(column);
                        double expected = 0;
                        for (int k = 0; k < width; k++) {
                            expected += (double) rows[row * width + k] * weights[k];
                        }
                        double tolerance = precision == Precision.F32 ? 1e-5 : 0.05;
                        assertThat((double) result[row * bench.weights.rows() + column])
                                .isCloseTo(expected, within(tolerance));
                    }
                }
            }
        }
    }
}
