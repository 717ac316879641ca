package dev.reprise.engine.local.model.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The definition of every kernel, one element at a time. */
public final class ScalarKernels implements Kernels {
    static final float LOG2_E = 1.442695f;
    /** ln 2 in two floats: the sum of both is exact to 2⁻⁴⁸. */
    static final float LN2_HIGH = 0.6931472f;

    static final float LN2_LOW = (float) (0.6931471805599453 - (double) LN2_HIGH);
    /** Between these, the result is a normal float. */
    static final float EXP_MIN = -87.3f;

    static final float EXP_MAX = 88.3f;
    /** Adding and subtracting it rounds to the nearest integer, ties to even, for |x| < 2²². */
    static final float ROUND = 0x1.8p23f;

    static final int ROUND_BITS = 0x4B400000;

    // exp(r) ≈ 1 + r + r² × (C0 + r × (C1 + …)) for |r| ≤ ln 2 / 2 (Moshier, Cephes, expf).
    static final float C0 = 0.5f;
    static final float C1 = 0.16666666f;
    static final float C2 = 0.041665796f;
    static final float C3 = 0.008333452f;
    static final float C4 = 0.0013981999f;
    static final float C5 = 0.00019875691f;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /** Stateless. */
    public ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    /** e to the power of x, x clamped to [−87.3, 88.3]; relative error below 2⁻²². */
    public static float exp(float x) {
        float clamped = Math.max(EXP_MIN, Math.min(EXP_MAX, x));
        float shifted = Math.fma(clamped, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
        float p = Math.fma(r, C5, C4);
        p = Math.fma(r, p, C3);
        p = Math.fma(r, p, C2);
        p = Math.fma(r, p, C1);
        p = Math.fma(r, p, C0);
        float mantissa = Math.fma(r * r, p, r) + 1.0f;
        int exponent = Float.floatToRawIntBits(shifted) - ROUND_BITS + 127;
        return mantissa * Float.intBitsToFloat(exponent << 23);
    }

    /** Adds the accumulators of a sum. Destroys them. */
    static float addLanes(float[] lanes) {
        for (int distance = LANES / 2; distance >= 1; distance /= 2) {
            for (int i = 0; i < distance; i++) {
                lanes[i] += lanes[i + distance];
            }
        }
        return lanes[0];
    }

    /** The factor of {@link #rmsNorm} that a sum of squares gives. */
    static float rmsFactor(float sumOfSquares, int count, float epsilon) {
        return (float) (1.0 / Math.sqrt((double) sumOfSquares / count + epsilon));
    }

    @Override
    public void rmsNorm(float[] x, int xStart, float[] weight, float epsilon, float[] out, int outStart) {
        float[] lanes = new float[LANES];
        for (int i = 0; i < weight.length; i++) {
            float value = x[xStart + i];
            lanes[i % LANES] = Math.fma(value, value, lanes[i % LANES]);
        }
        float factor = rmsFactor(addLanes(lanes), weight.length, epsilon);
        for (int i = 0; i < weight.length; i++) {
            out[outStart + i] = x[xStart + i] * factor * weight[i];
        }
    }

    @Override
    public void rotate(float[] x, int xStart, int heads, int half, float[] cos, float[] sin, int tableStart) {
        for (int head = 0; head < heads; head++) {
            rotatePairs(x, xStart + head * 2 * half, half, 0, cos, sin, tableStart);
        }
    }

    /** One head, elements from {@code from} on. */
    static void rotatePairs(float[] x, int start, int half, int from, float[] cos, float[] sin, int tableStart) {
        for (int i = from; i < half; i++) {
            float c = cos[tableStart + i];
            float s = sin[tableStart + i];
            float first = x[start + i];
            float second = x[start + half + i];
            x[start + i] = first * c - second * s;
            x[start + half + i] = second * c + first * s;
        }
    }

    @Override
    public void siluMultiply(
            float[] gate, int gateStart, float[] up, int upStart, float[] out, int outStart, int count) {
        for (int i = 0; i < count; i++) {
            float g = gate[gateStart + i];
            out[outStart + i] = g / (1.0f + exp(-g)) * up[upStart + i];
        }
    }

    @Override
    public void add(float[] x, int xStart, float[] y, int yStart, int count) {
        for (int i = 0; i < count; i++) {
            x[xStart + i] += y[yStart + i];
        }
    }

    @Override
    public RowScale quantize(float[] x, int xStart, int count, int levels, MemorySegment out, long outOffset) {
        float min = 0;
        float max = 0;
        for (int i = 0; i < count; i++) {
            min = Math.min(min, x[xStart + i]);
            max = Math.max(max, x[xStart + i]);
        }
        RowScale scale = rowScale(min, max, levels);
        quantizeRest(x, xStart, 0, count, inverse(min, max, levels), scale.zeroPoint(), levels, out, outOffset);
        return scale;
    }

    /** Elements {@code from} to {@code count} − 1. */
    static void quantizeRest(
            float[] x,
            int xStart,
            int from,
            int count,
            float inverse,
            int zeroPoint,
            int levels,
            MemorySegment out,
            long outOffset) {
        for (int i = from; i < count; i++) {
            int rounded = round(x[xStart + i] * inverse) + zeroPoint;
            out.set(ValueLayout.JAVA_BYTE, outOffset + i, (byte) Math.max(0, Math.min(levels, rounded)));
        }
    }

    private static int round(float x) {
        return Float.floatToRawIntBits(x + ROUND) - ROUND_BITS;
    }

    /** Levels per unit. */
    static float inverse(float min, float max, int levels) {
        float range = max - min;
        return range > Float.MIN_NORMAL * 256 ? levels / range : 0;
    }

    /** Scale and zero point of a row with these extremes. */
    static RowScale rowScale(float min, float max, int levels) {
        float range = max - min;
        if (!(range <= Float.MAX_VALUE)) {
            throw new ArithmeticException("a row holds a value that is not finite");
        }
        float inverse = inverse(min, max, levels);
        return new RowScale(inverse == 0 ? 0 : range / levels, round(-min * inverse));
    }

    @Override
    public void dequantize(
            MemorySegment sums,
            long sumsOffset,
            int count,
            RowScale row,
            ColumnScales columns,
            int column,
            float[] out,
            int outStart) {
        dequantizeRest(sums, sumsOffset, 0, count, row, columns, column, out, outStart);
    }

    /** Elements {@code from} to {@code count} − 1. */
    static void dequantizeRest(
            MemorySegment sums,
            long sumsOffset,
            int from,
            int count,
            RowScale row,
            ColumnScales columns,
            int column,
            float[] out,
            int outStart) {
        for (int i = from; i < count; i++) {
            int sum = sums.get(INT, sumsOffset + 4L * i) - row.zeroPoint() * columns.sums()[column + i];
            out[outStart + i] = sum * (row.scale() * columns.scales()[column + i]);
        }
    }

    @Override
    public void scores(
            float[] queries,
            int count,
            int headSize,
            MemorySegment keys,
            long keysOffset,
            int tiles,
            float[] scores,
            int scoresStart,
            int scoresStride) {
        for (int tile = 0; tile < tiles; tile++) {
            long tileOffset = keysOffset + 4L * tile * headSize * LANES;
            for (int j = 0; j < count; j++) {
                for (int t = 0; t < LANES; t++) {
                    float sum = 0;
                    for (int d = 0; d < headSize; d++) {
                        sum = Math.fma(
                                queries[j * headSize + d], keys.get(FLOAT, tileOffset + 4L * (d * LANES + t)), sum);
                    }
                    scores[scoresStart + j * scoresStride + tile * LANES + t] = sum;
                }
            }
        }
    }

    @Override
    public float exponentiate(float[] scores, int start, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, scores[start + i]);
        }
        float[] lanes = new float[LANES];
        for (int i = 0; i < count; i++) {
            float value = exp(scores[start + i] - max);
            scores[start + i] = value;
            lanes[i % LANES] += value;
        }
        clearTile(scores, start, count);
        return addLanes(lanes);
    }

    /** Sets the rest of the last tile to 0. */
    static void clearTile(float[] scores, int start, int count) {
        for (int i = count; i % LANES != 0; i++) {
            scores[start + i] = 0;
        }
    }

    @Override
    public void accumulate(
            float[] weights,
            int weightsStart,
            int weightsStride,
            int count,
            int tokens,
            MemorySegment values,
            long valuesOffset,
            int headSize,
            float[] out,
            int outStart) {
        for (int j = 0; j < count; j++) {
            int row = weightsStart + j * weightsStride;
            accumulateRest(weights, row, tokens, values, valuesOffset, headSize, 0, out, outStart + j * headSize);
        }
    }

    /** One row, elements from {@code from} on. */
    static void accumulateRest(
            float[] weights,
            int weightsStart,
            int tokens,
            MemorySegment values,
            long valuesOffset,
            int headSize,
            int from,
            float[] out,
            int outStart) {
        for (int d = from; d < headSize; d++) {
            float sum = out[outStart + d];
            for (int t = 0; t < tokens; t++) {
                float value = values.get(FLOAT, valuesOffset + 4L * ((long) t * headSize + d));
                sum = Math.fma(weights[weightsStart + t], value, sum);
            }
            out[outStart + d] = sum;
        }
    }

    @Override
    public void scale(float[] x, int xStart, float factor, float[] out, int outStart, int count) {
        for (int i = 0; i < count; i++) {
            out[outStart + i] = x[xStart + i] * factor;
        }
    }
}
