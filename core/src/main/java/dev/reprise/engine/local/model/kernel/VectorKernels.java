package dev.reprise.engine.local.model.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with the Vector API.
 *
 * <p>Element-wise work uses the machine's vectors, at most {@link #LANES} wide; a narrower machine takes several
 * vectors for the same lanes. Remainders are computed by the scalar code: an element's bits do not depend on which of
 * both computed it.
 */
public final class VectorKernels implements Kernels {
    private static final int STEP = Math.min(LANES, FloatVector.SPECIES_PREFERRED.length());
    private static final VectorSpecies<Float> F = VectorSpecies.of(float.class, shape(STEP * Float.SIZE));
    private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, shape(STEP * Integer.SIZE));
    /** Four lanes have no vector of as many bytes. */
    private static final boolean CAN_NARROW = STEP * Byte.SIZE >= 64;

    private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, shape(Math.max(64, STEP * Byte.SIZE)));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Stateless. */
    public VectorKernels() {}

    private static VectorShape shape(int bits) {
        return VectorShape.forBitSize(bits);
    }

    @Override
    public String name() {
        return "vector";
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(F, values, at);
    }

    private static FloatVector load(MemorySegment values, long offset) {
        return FloatVector.fromMemorySegment(F, values, offset, ORDER);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(F, value);
    }

    /** {@link ScalarKernels#exp} of every lane. */
    private static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.min(ScalarKernels.EXP_MAX).max(ScalarKernels.EXP_MIN);
        FloatVector shifted = clamped.fma(all(ScalarKernels.LOG2_E), all(ScalarKernels.ROUND));
        FloatVector n = shifted.sub(ScalarKernels.ROUND);
        FloatVector r = n.fma(all(-ScalarKernels.LN2_LOW), n.fma(all(-ScalarKernels.LN2_HIGH), clamped));
        FloatVector p = r.fma(all(ScalarKernels.C5), all(ScalarKernels.C4));
        p = r.fma(p, all(ScalarKernels.C3));
        p = r.fma(p, all(ScalarKernels.C2));
        p = r.fma(p, all(ScalarKernels.C1));
        p = r.fma(p, all(ScalarKernels.C0));
        FloatVector mantissa = r.mul(r).fma(p, r).add(1.0f);
        IntVector exponent =
                shifted.reinterpretAsInts().sub(ScalarKernels.ROUND_BITS - 127).lanewise(VectorOperators.LSHL, 23);
        return mantissa.mul(exponent.reinterpretAsFloats());
    }

    @Override
    public void rmsNorm(float[] x, int xStart, float[] weight, float epsilon, float[] out, int outStart) {
        int count = weight.length;
        float factor = ScalarKernels.rmsFactor(sumOfSquares(x, xStart, count), count, epsilon);
        int bound = F.loopBound(count);
        for (int i = 0; i < bound; i += STEP) {
            load(x, xStart + i).mul(factor).mul(load(weight, i)).intoArray(out, outStart + i);
        }
        for (int i = bound; i < count; i++) {
            out[outStart + i] = x[xStart + i] * factor * weight[i];
        }
    }

    private static float sumOfSquares(float[] x, int start, int count) {
        float[] lanes = new float[LANES];
        int bound = count - count % LANES;
        for (int part = 0; part < LANES; part += STEP) {
            FloatVector sums = FloatVector.zero(F);
            for (int i = part; i < bound; i += LANES) {
                FloatVector value = load(x, start + i);
                sums = value.fma(value, sums);
            }
            sums.intoArray(lanes, part);
        }
        for (int i = bound; i < count; i++) {
            float value = x[start + i];
            lanes[i % LANES] = Math.fma(value, value, lanes[i % LANES]);
        }
        return ScalarKernels.addLanes(lanes);
    }

    @Override
    public void rotate(float[] x, int xStart, int heads, int half, float[] cos, float[] sin, int tableStart) {
        int bound = F.loopBound(half);
        for (int head = 0; head < heads; head++) {
            int start = xStart + head * 2 * half;
            for (int i = 0; i < bound; i += STEP) {
                FloatVector c = load(cos, tableStart + i);
                FloatVector s = load(sin, tableStart + i);
                FloatVector first = load(x, start + i);
                FloatVector second = load(x, start + half + i);
                first.mul(c).sub(second.mul(s)).intoArray(x, start + i);
                second.mul(c).add(first.mul(s)).intoArray(x, start + half + i);
            }
            ScalarKernels.rotatePairs(x, start, half, bound, cos, sin, tableStart);
        }
    }

    @Override
    public void siluMultiply(
            float[] gate, int gateStart, float[] up, int upStart, float[] out, int outStart, int count) {
        int bound = F.loopBound(count);
        for (int i = 0; i < bound; i += STEP) {
            FloatVector g = load(gate, gateStart + i);
            FloatVector sigmoidDivisor = exp(g.neg()).add(1.0f);
            g.div(sigmoidDivisor).mul(load(up, upStart + i)).intoArray(out, outStart + i);
        }
        for (int i = bound; i < count; i++) {
            float g = gate[gateStart + i];
            out[outStart + i] = g / (1.0f + ScalarKernels.exp(-g)) * up[upStart + i];
        }
    }

    @Override
    public void add(float[] x, int xStart, float[] y, int yStart, int count) {
        int bound = F.loopBound(count);
        for (int i = 0; i < bound; i += STEP) {
            load(x, xStart + i).add(load(y, yStart + i)).intoArray(x, xStart + i);
        }
        for (int i = bound; i < count; i++) {
            x[xStart + i] += y[yStart + i];
        }
    }

    @Override
    public RowScale quantize(float[] x, int xStart, int count, int levels, MemorySegment out, long outOffset) {
        int bound = F.loopBound(count);
        FloatVector mins = FloatVector.zero(F);
        FloatVector maxs = FloatVector.zero(F);
        for (int i = 0; i < bound; i += STEP) {
            FloatVector value = load(x, xStart + i);
            mins = mins.min(value);
            maxs = maxs.max(value);
        }
        // Minimum and maximum do not depend on order; the lanes are still folded one by one.
        float min = 0;
        float max = 0;
        for (int lane = 0; lane < STEP; lane++) {
            min = Math.min(min, mins.lane(lane));
            max = Math.max(max, maxs.lane(lane));
        }
        for (int i = bound; i < count; i++) {
            min = Math.min(min, x[xStart + i]);
            max = Math.max(max, x[xStart + i]);
        }
        RowScale scale = ScalarKernels.rowScale(min, max, levels);
        float inverse = ScalarKernels.inverse(min, max, levels);
        int done = CAN_NARROW ? narrow(x, xStart, bound, inverse, scale.zeroPoint(), levels, out, outOffset) : 0;
        ScalarKernels.quantizeRest(x, xStart, done, count, inverse, scale.zeroPoint(), levels, out, outOffset);
        return scale;
    }

    private static int narrow(
            float[] x,
            int xStart,
            int bound,
            float inverse,
            int zeroPoint,
            int levels,
            MemorySegment out,
            long outOffset) {
        for (int i = 0; i < bound; i += STEP) {
            IntVector rounded = load(x, xStart + i)
                    .mul(inverse)
                    .add(ScalarKernels.ROUND)
                    .reinterpretAsInts()
                    .add(zeroPoint - ScalarKernels.ROUND_BITS)
                    .min(levels)
                    .max(0);
            ByteVector bytes = (ByteVector) rounded.convertShape(VectorOperators.I2B, B, 0);
            bytes.intoMemorySegment(out, outOffset + i, ORDER);
        }
        return bound;
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
        int bound = F.loopBound(count);
        for (int i = 0; i < bound; i += STEP) {
            IntVector correction =
                    IntVector.fromArray(I, columns.sums(), column + i).mul(row.zeroPoint());
            IntVector sum = IntVector.fromMemorySegment(I, sums, sumsOffset + 4L * i, ORDER)
                    .sub(correction);
            FloatVector factor = load(columns.scales(), column + i).mul(row.scale());
            ((FloatVector) sum.convertShape(VectorOperators.I2F, F, 0))
                    .mul(factor)
                    .intoArray(out, outStart + i);
        }
        ScalarKernels.dequantizeRest(sums, sumsOffset, bound, count, row, columns, column, out, outStart);
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
        long tileBytes = 4L * headSize * LANES;
        for (int tile = 0; tile < tiles; tile++) {
            for (int part = 0; part < LANES; part += STEP) {
                long offset = keysOffset + tile * tileBytes + 4L * part;
                int at = scoresStart + tile * LANES + part;
                int j = 0;
                for (; j + 4 <= count; j += 4) {
                    scoresOf4(
                            queries, j * headSize, headSize, keys, offset, scores, at + j * scoresStride, scoresStride);
                }
                for (; j < count; j++) {
                    scoresOf1(queries, j * headSize, headSize, keys, offset, scores, at + j * scoresStride);
                }
            }
        }
    }

    private static void scoresOf4(
            float[] queries,
            int query,
            int headSize,
            MemorySegment keys,
            long offset,
            float[] scores,
            int at,
            int stride) {
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int d = 0; d < headSize; d++) {
            FloatVector key = load(keys, offset + 4L * LANES * d);
            sum0 = all(queries[query + d]).fma(key, sum0);
            sum1 = all(queries[query + headSize + d]).fma(key, sum1);
            sum2 = all(queries[query + 2 * headSize + d]).fma(key, sum2);
            sum3 = all(queries[query + 3 * headSize + d]).fma(key, sum3);
        }
        sum0.intoArray(scores, at);
        sum1.intoArray(scores, at + stride);
        sum2.intoArray(scores, at + 2 * stride);
        sum3.intoArray(scores, at + 3 * stride);
    }

    private static void scoresOf1(
            float[] queries, int query, int headSize, MemorySegment keys, long offset, float[] scores, int at) {
        FloatVector sum = FloatVector.zero(F);
        for (int d = 0; d < headSize; d++) {
            sum = all(queries[query + d]).fma(load(keys, offset + 4L * LANES * d), sum);
        }
        sum.intoArray(scores, at);
    }

    @Override
    public float exponentiate(float[] scores, int start, int count) {
        float max = max(scores, start, count);
        float[] lanes = new float[LANES];
        int bound = count - count % LANES;
        for (int part = 0; part < LANES; part += STEP) {
            FloatVector sums = FloatVector.zero(F);
            for (int i = part; i < bound; i += LANES) {
                FloatVector value = exp(load(scores, start + i).sub(max));
                value.intoArray(scores, start + i);
                sums = sums.add(value);
            }
            sums.intoArray(lanes, part);
        }
        for (int i = bound; i < count; i++) {
            float value = ScalarKernels.exp(scores[start + i] - max);
            scores[start + i] = value;
            lanes[i % LANES] += value;
        }
        ScalarKernels.clearTile(scores, start, count);
        return ScalarKernels.addLanes(lanes);
    }

    private static float max(float[] values, int start, int count) {
        int bound = F.loopBound(count);
        FloatVector maxs = all(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < bound; i += STEP) {
            maxs = maxs.max(load(values, start + i));
        }
        float max = Float.NEGATIVE_INFINITY;
        for (int lane = 0; lane < STEP; lane++) {
            max = Math.max(max, maxs.lane(lane));
        }
        for (int i = bound; i < count; i++) {
            max = Math.max(max, values[start + i]);
        }
        return max;
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
        int bound = F.loopBound(headSize);
        int j = 0;
        for (; j + 4 <= count; j += 4) {
            int row = weightsStart + j * weightsStride;
            for (int d = 0; d < bound; d += STEP) {
                accumulate4(
                        weights,
                        row,
                        weightsStride,
                        tokens,
                        values,
                        valuesOffset + 4L * d,
                        headSize,
                        out,
                        outStart + j * headSize + d);
            }
        }
        for (; j < count; j++) {
            int row = weightsStart + j * weightsStride;
            for (int d = 0; d < bound; d += STEP) {
                accumulate1(
                        weights,
                        row,
                        tokens,
                        values,
                        valuesOffset + 4L * d,
                        headSize,
                        out,
                        outStart + j * headSize + d);
            }
        }
        for (int rest = 0; rest < count && bound < headSize; rest++) {
            ScalarKernels.accumulateRest(
                    weights,
                    weightsStart + rest * weightsStride,
                    tokens,
                    values,
                    valuesOffset,
                    headSize,
                    bound,
                    out,
                    outStart + rest * headSize);
        }
    }

    private static void accumulate4(
            float[] weights,
            int row,
            int stride,
            int tokens,
            MemorySegment values,
            long offset,
            int headSize,
            float[] out,
            int at) {
        FloatVector sum0 = load(out, at);
        FloatVector sum1 = load(out, at + headSize);
        FloatVector sum2 = load(out, at + 2 * headSize);
        FloatVector sum3 = load(out, at + 3 * headSize);
        for (int t = 0; t < tokens; t++) {
            FloatVector value = load(values, offset + 4L * t * headSize);
            sum0 = all(weights[row + t]).fma(value, sum0);
            sum1 = all(weights[row + stride + t]).fma(value, sum1);
            sum2 = all(weights[row + 2 * stride + t]).fma(value, sum2);
            sum3 = all(weights[row + 3 * stride + t]).fma(value, sum3);
        }
        sum0.intoArray(out, at);
        sum1.intoArray(out, at + headSize);
        sum2.intoArray(out, at + 2 * headSize);
        sum3.intoArray(out, at + 3 * headSize);
    }

    private static void accumulate1(
            float[] weights,
            int row,
            int tokens,
            MemorySegment values,
            long offset,
            int headSize,
            float[] out,
            int at) {
        FloatVector sum = load(out, at);
        for (int t = 0; t < tokens; t++) {
            sum = all(weights[row + t]).fma(load(values, offset + 4L * t * headSize), sum);
        }
        sum.intoArray(out, at);
    }

    @Override
    public void scale(float[] x, int xStart, float factor, float[] out, int outStart, int count) {
        int bound = F.loopBound(count);
        for (int i = 0; i < bound; i += STEP) {
            load(x, xStart + i).mul(factor).intoArray(out, outStart + i);
        }
        for (int i = bound; i < count; i++) {
            out[outStart + i] = x[xStart + i] * factor;
        }
    }
}
