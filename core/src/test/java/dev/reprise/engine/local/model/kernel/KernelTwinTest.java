package dev.reprise.engine.local.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.local.model.kernel.Kernels.ColumnScales;
import dev.reprise.engine.local.model.kernel.Kernels.RowScale;
import dev.reprise.runtime.RandomSource;
import dev.reprise.testing.TestScale;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The vector kernels give the bits of the scalar ones, for random and for extreme numbers. */
class KernelTwinTest {
    private static final int ROUNDS = TestScale.rounds(4_000, 300);
    private static final float[] EXTREMES = {
        0.0f,
        -0.0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        1.0f,
        -1.0f,
        88.0f,
        -88.0f,
        1e30f,
        -1e30f,
        0.5f,
        1.5f,
        2.5f,
        -2.5f
    };

    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();
    private final RandomSource random = new RandomSource(77);
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        float size = (float) Math.pow(10, random.nextInt(5) - 2);
        boolean extreme = random.nextInt(4) == 0;
        for (int i = 0; i < count; i++) {
            boolean pick = extreme && random.nextInt(3) == 0;
            values[i] = pick ? EXTREMES[random.nextInt(EXTREMES.length)] : size * (float) (random.nextDouble() * 2 - 1);
        }
        return values;
    }

    private MemorySegment segment(float[] values, int offset) {
        MemorySegment segment = arena.allocate(4L * values.length + offset, 64);
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT_UNALIGNED, offset, values.length);
        return segment;
    }

    private static void assertSameBits(float[] actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            // Not the payload of NaN: which one an operation gives is the processor's choice.
            if (Float.floatToIntBits(actual[i]) != Float.floatToIntBits(expected[i])) {
                assertThat(actual[i]).as("element %d of %d", i, expected.length).isEqualTo(expected[i]);
                throw new AssertionError("bits differ at " + i);
            }
        }
    }

    @Test
    void rmsNorm() {
        for (int round = 0; round < ROUNDS; round++) {
            int count = 1 + random.nextInt(100);
            float[] x = floats(count + 5);
            float[] weight = floats(count);
            float[] expected = new float[count + 3];
            float[] actual = new float[count + 3];
            scalar.rmsNorm(x, 5, weight, 1e-5f, expected, 3);
            vector.rmsNorm(x, 5, weight, 1e-5f, actual, 3);
            assertSameBits(actual, expected);
        }
    }

    @Test
    void rotate() {
        for (int round = 0; round < ROUNDS; round++) {
            int half = 1 + random.nextInt(40);
            int heads = 1 + random.nextInt(4);
            float[] cos = floats(half + 2);
            float[] sin = floats(half + 2);
            float[] expected = floats(heads * 2 * half + 1);
            float[] actual = expected.clone();
            scalar.rotate(expected, 1, heads, half, cos, sin, 2);
            vector.rotate(actual, 1, heads, half, cos, sin, 2);
            assertSameBits(actual, expected);
        }
    }

    @Test
    void siluMultiplyAddAndScale() {
        for (int round = 0; round < ROUNDS; round++) {
            int count = 1 + random.nextInt(100);
            float[] gate = floats(count);
            float[] up = floats(count);
            float[] expected = new float[count];
            float[] actual = new float[count];
            scalar.siluMultiply(gate, 0, up, 0, expected, 0, count);
            vector.siluMultiply(gate, 0, up, 0, actual, 0, count);
            assertSameBits(actual, expected);
            scalar.add(expected, 0, gate, 0, count);
            vector.add(actual, 0, gate, 0, count);
            assertSameBits(actual, expected);
            scalar.scale(gate, 0, up[0], expected, 0, count);
            vector.scale(gate, 0, up[0], actual, 0, count);
            assertSameBits(actual, expected);
        }
    }

    @Test
    void quantizeAndDequantize() {
        for (int round = 0; round < ROUNDS; round++) {
            int count = 1 + random.nextInt(100);
            int levels = random.nextInt(2) == 0 ? 255 : 127;
            float[] x = floats(count);
            MemorySegment expected = arena.allocate(count);
            MemorySegment actual = arena.allocate(count);
            RowScale expectedScale = scalar.quantize(x, 0, count, levels, expected, 0);
            assertThat(vector.quantize(x, 0, count, levels, actual, 0)).isEqualTo(expectedScale);
            assertThat(actual.mismatch(expected)).isEqualTo(-1);
            assertCloseTo(x, expected, expectedScale);
            compareDequantize(count, expectedScale);
        }
    }

    private static void assertCloseTo(float[] x, MemorySegment bytes, RowScale scale) {
        for (int i = 0; i < x.length; i++) {
            int level = Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, i)) - scale.zeroPoint();
            assertThat(Math.abs(level * scale.scale() - x[i]))
                    .isLessThanOrEqualTo(scale.scale() * 1.01f + Float.MIN_NORMAL * 256);
        }
    }

    private void compareDequantize(int count, RowScale scale) {
        int[] sums = new int[count];
        int[] columnSums = new int[count];
        for (int i = 0; i < count; i++) {
            sums[i] = (int) random.nextLong() >> random.nextInt(20);
            columnSums[i] = (int) random.nextLong() >> 9;
        }
        MemorySegment memory = arena.allocate(4L * count, 4);
        MemorySegment.copy(sums, 0, memory, ValueLayout.JAVA_INT, 0, count);
        ColumnScales columns = new ColumnScales(floats(count), columnSums);
        float[] expected = new float[count];
        float[] actual = new float[count];
        scalar.dequantize(memory, 0, count, scale, columns, 0, expected, 0);
        vector.dequantize(memory, 0, count, scale, columns, 0, actual, 0);
        assertSameBits(actual, expected);
    }

    @Test
    void quantizingRefusesWhatIsNotFinite() {
        MemorySegment out = arena.allocate(20);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at : new int[] {0, 19}) {
                float[] x = new float[20];
                x[at] = bad;
                assertThatThrownBy(() -> scalar.quantize(x, 0, 20, 255, out, 0))
                        .isInstanceOf(ArithmeticException.class);
                assertThatThrownBy(() -> vector.quantize(x, 0, 20, 255, out, 0))
                        .isInstanceOf(ArithmeticException.class);
            }
        }
    }

    @Test
    void attentionKernels() {
        for (int round = 0; round < ROUNDS; round++) {
            int headSize = 1 + random.nextInt(70);
            int tiles = 1 + random.nextInt(4);
            int count = 1 + random.nextInt(9);
            int tokens = 1 + random.nextInt(tiles * Kernels.LANES);
            int stride = tiles * Kernels.LANES + 16;
            float[] queries = floats(count * headSize);
            MemorySegment memory = segment(floats(tiles * Kernels.LANES * headSize), 8);
            float[] expected = new float[count * stride];
            float[] actual = new float[count * stride];
            scalar.scores(queries, count, headSize, memory, 8, tiles, expected, 0, stride);
            vector.scores(queries, count, headSize, memory, 8, tiles, actual, 0, stride);
            assertSameBits(actual, expected);
            for (int j = 0; j < count; j++) {
                float expectedSum = scalar.exponentiate(expected, j * stride, tokens);
                float actualSum = vector.exponentiate(actual, j * stride, tokens);
                assertSameBits(new float[] {actualSum}, new float[] {expectedSum});
            }
            assertSameBits(actual, expected);
            float[] expectedOut = floats(count * headSize);
            float[] actualOut = expectedOut.clone();
            scalar.accumulate(expected, 0, stride, count, tokens, memory, 8, headSize, expectedOut, 0);
            vector.accumulate(actual, 0, stride, count, tokens, memory, 8, headSize, actualOut, 0);
            assertSameBits(actualOut, expectedOut);
        }
    }

    @Test
    void exponentialIsAccurateEverywhere() {
        double worst = 0;
        for (int i = 0; i < TestScale.rounds(10_000_000, 200_000); i++) {
            float x = (float) (random.nextDouble() * (88.3 + 87.3) - 87.3);
            double exact = StrictMath.exp(x);
            worst = Math.max(worst, Math.abs(ScalarKernels.exp(x) - exact) / exact);
        }
        assertThat(worst).isLessThan(0x1p-22);
        assertThat(ScalarKernels.exp(0)).isEqualTo(1.0f);
        assertThat(ScalarKernels.exp(Float.NEGATIVE_INFINITY)).isPositive().isLessThan(2e-38f);
        assertThat(ScalarKernels.exp(Float.POSITIVE_INFINITY)).isFinite().isGreaterThan(2e38f);
    }
}
