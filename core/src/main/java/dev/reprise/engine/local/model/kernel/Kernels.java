package dev.reprise.engine.local.model.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The arithmetic on rows of floats.
 *
 * <p>Two implementations give the same bits for the same arguments: {@link ScalarKernels}, which says what is computed,
 * and {@link VectorKernels}. What makes that possible, in the interpreter and after every compiler: element-wise
 * operations are IEEE 754's own (+ − × ÷, fused multiply-add, minimum, maximum, conversion); sums run over
 * {@link #LANES} accumulators, element i going to accumulator i mod LANES in order, which are then added as a tree,
 * {@code a[i] + a[i + 8]}, then 4, 2 and 1 apart; {@link ScalarKernels#exp} is our own polynomial. The lane count is
 * part of the numeric fingerprint and does not follow the machine's vector width.
 *
 * <p>Stateless; any thread.
 */
public interface Kernels {
    /** Accumulators of every sum, tokens of one tile of keys. */
    int LANES = 16;

    /** Names the arithmetic for the numeric fingerprint; changes whenever a bit of any result may. */
    String ARITHMETIC = "java-1/lanes-" + LANES;

    /** What runs: {@code vector} or {@code scalar}. */
    String name();

    /** {@code out = x × weight ÷ sqrt(mean(x²) + epsilon)} over {@code weight.length} elements. */
    void rmsNorm(float[] x, int xStart, float[] weight, float epsilon, float[] out, int outStart);

    /**
     * Rotates each of {@code heads} heads of {@code 2 × half} elements in place: elements i and i + half by the angle
     * whose cosine and sine stand at {@code tableStart + i}.
     */
    void rotate(float[] x, int xStart, int heads, int half, float[] cos, float[] sin, int tableStart);

    /** {@code out = gate ÷ (1 + exp(−gate)) × up}. */
    void siluMultiply(float[] gate, int gateStart, float[] up, int upStart, float[] out, int outStart, int count);

    /** {@code x += y}. */
    void add(float[] x, int xStart, float[] y, int yStart, int count);

    /**
     * Finds the scale that maps a row's range, widened to contain 0, to 0 … {@code levels}, and writes the row so.
     *
     * @param levels 127 or 255
     * @param out one unsigned byte for each element: {@code clamp(round(x ÷ scale) + zeroPoint)}
     * @return scale and zero point, see {@link RowScale}
     * @throws ArithmeticException when an element is not finite
     */
    RowScale quantize(float[] x, int xStart, int count, int levels, MemorySegment out, long outOffset);

    /**
     * Turns sums of products of quantized numbers into floats: {@code (sum − zeroPoint × columnSum) × (rowScale ×
     * columnScale)}.
     */
    void dequantize(
            MemorySegment sums,
            long sumsOffset,
            int count,
            RowScale row,
            ColumnScales columns,
            int column,
            float[] out,
            int outStart);

    /**
     * {@code scores[j][i] = query[j] · key[i]} for a run of key tiles; each sum runs over the head's elements in order.
     *
     * @param queries {@code count} rows of {@code headSize}, one after the other
     * @param keys tiles of {@link #LANES} tokens, element-major: element d of token t at {@code d × LANES + t}
     * @param scores row j starts at {@code scoresStart + j × scoresStride}
     */
    void scores(
            float[] queries,
            int count,
            int headSize,
            MemorySegment keys,
            long keysOffset,
            int tiles,
            float[] scores,
            int scoresStart,
            int scoresStride);

    /**
     * Replaces scores by {@code exp(score − maximum)} and sets the rest of the last tile to 0.
     *
     * @return the sum of the new values
     */
    float exponentiate(float[] scores, int start, int count);

    /**
     * {@code out[j] += Σ weight[j][t] × value[t]} over {@code tokens} tokens in order.
     *
     * @param weights row j starts at {@code weightsStart + j × weightsStride}
     * @param values token-major rows of {@code headSize}
     * @param out {@code count} rows of {@code headSize} from row {@code firstRow}
     */
    void accumulate(
            float[] weights,
            int weightsStart,
            int weightsStride,
            int count,
            int tokens,
            MemorySegment values,
            long valuesOffset,
            int headSize,
            float[] out,
            int outStart);

    /** {@code out = x × factor}. */
    void scale(float[] x, int xStart, float factor, float[] out, int outStart, int count);

    /**
     * How a row of floats was mapped to unsigned bytes: {@code x ≈ (byte − zeroPoint) × scale}.
     *
     * @param scale ≥ 0; 0 for a row of zeros
     * @param zeroPoint the byte that means 0
     */
    record RowScale(float scale, int zeroPoint) {}

    /**
     * What belongs to the columns of a quantized weight matrix.
     *
     * @param scales {@code weight ≈ signed byte × scale}
     * @param sums sum of the signed bytes of each column
     */
    @SuppressWarnings("ArrayRecordComponent") // hot path; never compared
    record ColumnScales(float[] scales, int[] sums) {}

    /** The vector implementation where the incubating Vector API is loaded, else the scalar one. */
    static Kernels best() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? new VectorKernels()
                : new ScalarKernels();
    }
}
