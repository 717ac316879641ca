package dev.reprise.engine.local.model.linear;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels.ColumnScales;
import dev.reprise.engine.local.model.linear.WeightColumns.Range;
import dev.reprise.engine.local.model.linear.WeightColumns.Slice;
import dev.reprise.runtime.RandomSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Makes linear layers from stored weights, and first finds out what the runtime's kernels do on this machine.
 *
 * <p>Kernels that multiply unsigned by signed bytes without a wide enough intermediate (x86 before AVX-VNNI) saturate.
 * Where a product of extremes is not exact, inputs are quantized to 7 bits instead of 8, for which it must be.
 */
public final class LinearLayerFactory {
    private static final int[] PROBED_ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 31, 33, 48};
    private static final int PROBED_WIDTH = 256;
    private static final int ORDER_WIDTH = 1_536;
    private static final int PROBED_COLUMNS = 32;
    private static final int TRANSPOSED_COLUMNS = 64;
    private static final float WEIGHT_LEVELS = 127;

    private final Precision precision;
    private final int levels;
    private final String fingerprint;

    private LinearLayerFactory(Precision precision, int levels, String fingerprint) {
        this.precision = precision;
        this.levels = levels;
        this.fingerprint = fingerprint;
    }

    /**
     * Probes the runtime.
     *
     * @throws OrtException when the runtime cannot compute at all
     */
    public static LinearLayerFactory probe(Precision precision) throws OrtException {
        if (precision == Precision.F32) {
            return new LinearLayerFactory(precision, 255, precision.label() + "/" + floatOrder());
        }
        for (int levels : new int[] {255, 127}) {
            if (exactWith(levels)) {
                return new LinearLayerFactory(precision, levels, precision.label() + "/" + levels);
            }
        }
        throw new OrtException("MatMulInteger gives wrong sums on this machine; use f32");
    }

    /** What inputs are quantized to: 0 … this. */
    public int levels() {
        return levels;
    }

    /**
     * Names what results depend on besides the weights, for the numeric fingerprint: of integers the input range alone,
     * for their sums are the same on every machine; of floats the order in which this machine's kernels add.
     */
    public String fingerprint() {
        return fingerprint;
    }

    /** Tells kernels apart that add in another order, by the bits of one product of fixed random numbers. */
    private static String floatOrder() throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            OnnxMatrixProduct product =
                    OnnxMatrixProduct.allocate(OnnxMatrixProduct.Operator.FLOAT, ORDER_WIDTH, PROBED_COLUMNS, arena);
            fillRandomly(product.weights(), (long) ORDER_WIDTH * PROBED_COLUMNS);
            MemorySegment input = arena.allocate(4L * LinearLayer.TILE_ROWS * ORDER_WIDTH, 4);
            fillRandomly(input, (long) LinearLayer.TILE_ROWS * ORDER_WIDTH);
            long results = (long) LinearLayer.TILE_ROWS * PROBED_COLUMNS;
            MemorySegment output = arena.allocate(4 * results, 4);
            try (OrtSession session = OnnxSessions.open(product)) {
                run(session, Precision.F32, input, LinearLayer.TILE_ROWS, ORDER_WIDTH, output, PROBED_COLUMNS);
            }
            CRC32C digest = new CRC32C();
            digest.update(output.asByteBuffer());
            return "%08x".formatted(digest.getValue());
        }
    }

    private static void fillRandomly(MemorySegment floats, long count) {
        RandomSource random = new RandomSource(1);
        for (long i = 0; i < count; i++) {
            floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, (float) (random.nextDouble() - 0.5));
        }
    }

    private static boolean exactWith(int level) throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            OnnxMatrixProduct product =
                    OnnxMatrixProduct.allocate(OnnxMatrixProduct.Operator.INT8, PROBED_WIDTH, PROBED_COLUMNS, arena);
            product.weights().fill((byte) -WEIGHT_LEVELS);
            MemorySegment input = arena.allocate((long) LinearLayer.TILE_ROWS * PROBED_WIDTH);
            input.fill((byte) level);
            MemorySegment output = arena.allocate(4L * LinearLayer.TILE_ROWS * PROBED_COLUMNS, 4);
            int expected = PROBED_WIDTH * level * (int) -WEIGHT_LEVELS;
            try (OrtSession session = OnnxSessions.open(product)) {
                for (int rows : PROBED_ROWS) {
                    run(session, Precision.INT8, input, rows, PROBED_WIDTH, output, PROBED_COLUMNS);
                    for (long i = 0; i < (long) rows * PROBED_COLUMNS; i++) {
                        if (output.getAtIndex(ValueLayout.JAVA_INT, i) != expected) {
                            return false;
                        }
                    }
                }
                return true;
            }
        }
    }

    private static void run(
            OrtSession session,
            Precision precision,
            MemorySegment input,
            int rows,
            int width,
            MemorySegment output,
            int columns)
            throws OrtException {
        boolean floats = precision == Precision.F32;
        try (OnnxTensor x = OnnxSessions.tensor(input, floats ? OnnxJavaType.FLOAT : OnnxJavaType.UINT8, rows, width);
                OnnxTensor y =
                        OnnxSessions.tensor(output, floats ? OnnxJavaType.FLOAT : OnnxJavaType.INT32, rows, columns)) {
            session.run(Map.of(OnnxMatrixProduct.INPUT, x), Set.of(), Map.of(OnnxMatrixProduct.OUTPUT, y))
                    .close();
        }
    }

    /**
     * Converts and loads the weights, slices in parallel. Needs native memory for one slice's weights per thread
     * besides what the runtime keeps.
     *
     * @throws Exception when the runtime fails, an OrtException
     */
    public LinearLayer load(ComputePool.Turn turn, WeightColumns weights) throws Exception {
        List<Slice> slices = weights.slices();
        LinearLayer.@Nullable Part[] parts = new LinearLayer.Part[slices.size()];
        try {
            turn.run(parts.length, (index, slot) -> parts[index] = loadSlice(weights.width(), slices.get(index)));
            LinearLayer.Part first = parts[0];
            boolean wholeTiles =
                    precision == Precision.F32 && first != null && !rowsIndependent(first, weights.width());
            return new LinearLayer(precision, withoutNulls(parts), wholeTiles);
        } catch (Throwable e) {
            LinearLayer.closeAll(withoutNulls(parts));
            throw e;
        }
    }

    private static List<LinearLayer.Part> withoutNulls(LinearLayer.@Nullable Part[] parts) {
        return Arrays.stream(parts)
                .<LinearLayer.Part>mapMulti((part, sink) -> {
                    if (part != null) {
                        sink.accept(part);
                    }
                })
                .toList();
    }

    private LinearLayer.Part loadSlice(int width, Slice slice) throws OrtException {
        int columns = slice.columns();
        boolean floats = precision == Precision.F32;
        ColumnScales scales = new ColumnScales(new float[floats ? 0 : columns], new int[floats ? 0 : columns]);
        try (Arena arena = Arena.ofConfined()) {
            OnnxMatrixProduct product = OnnxMatrixProduct.allocate(
                    floats ? OnnxMatrixProduct.Operator.FLOAT : OnnxMatrixProduct.Operator.INT8, width, columns, arena);
            int column = 0;
            for (Range range : slice.ranges()) {
                for (int done = 0; done < range.rows(); done += TRANSPOSED_COLUMNS) {
                    int count = Math.min(TRANSPOSED_COLUMNS, range.rows() - done);
                    Range some = new Range(range.tensor(), range.first() + done, count);
                    if (floats) {
                        transposeFloats(some, product.weights(), column + done, columns);
                    } else {
                        transposeInt8(some, product.weights(), column + done, columns, scales);
                    }
                }
                column += range.rows();
            }
            return new LinearLayer.Part(OnnxSessions.open(product), slice.firstColumn(), columns, scales);
        }
    }

    private static void transposeFloats(Range range, MemorySegment target, int column, int columns) {
        int width = range.tensor().columns();
        float[][] rows = new float[range.rows()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = range.tensor().row(range.first() + i);
        }
        for (int k = 0; k < width; k++) {
            long offset = 4L * ((long) k * columns + column);
            for (int i = 0; i < rows.length; i++) {
                target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset + 4L * i, rows[i][k]);
            }
        }
    }

    private static void transposeInt8(Range range, MemorySegment target, int column, int columns, ColumnScales scales) {
        int width = range.tensor().columns();
        byte[][] rows = new byte[range.rows()][width];
        for (int i = 0; i < rows.length; i++) {
            float[] weights = range.tensor().row(range.first() + i);
            scales.scales()[column + i] = quantize(weights, rows[i]);
            scales.sums()[column + i] = sum(rows[i]);
        }
        for (int k = 0; k < width; k++) {
            long offset = (long) k * columns + column;
            for (int i = 0; i < rows.length; i++) {
                target.set(ValueLayout.JAVA_BYTE, offset + i, rows[i][k]);
            }
        }
    }

    /** Symmetric, to −127 … 127. */
    private static float quantize(float[] weights, byte[] out) {
        float max = 0;
        for (float weight : weights) {
            max = Math.max(max, Math.abs(weight));
        }
        float scale = max / WEIGHT_LEVELS;
        for (int i = 0; i < out.length && scale > 0; i++) {
            out[i] = (byte) Math.rint(weights[i] / scale);
        }
        return scale;
    }

    private static int sum(byte[] values) {
        int sum = 0;
        for (byte value : values) {
            sum += value;
        }
        return sum;
    }

    /** Whether a row's bits are the same however many rows are computed with it. */
    private static boolean rowsIndependent(LinearLayer.Part part, int width) throws OrtException {
        try (Arena arena = Arena.ofConfined()) {
            int rows = LinearLayer.TILE_ROWS;
            MemorySegment input = arena.allocate(4L * rows * width, 64);
            fillRandomly(input, (long) rows * width);
            MemorySegment whole = arena.allocate(4L * rows * part.columns(), 64);
            MemorySegment some = arena.allocate(4L * rows * part.columns(), 64);
            run(part.session(), Precision.F32, input, rows, width, whole, part.columns());
            for (int probed : PROBED_ROWS) {
                run(part.session(), Precision.F32, input, probed, width, some, part.columns());
                long bytes = 4L * probed * part.columns();
                if (MemorySegment.mismatch(whole, 0, bytes, some, 0, bytes) >= 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
