package dev.reprise.engine.local.model.linear;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.kernel.Kernels.RowScale;
import dev.reprise.runtime.Checks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that linear layers of one width read: native memory in the form the runtime multiplies, floats or bytes with
 * a scale for each row.
 *
 * <p>Rows may be put by several threads, each row by one; {@link #prepare} and multiplying happen after.
 */
public final class ActivationRows implements AutoCloseable {
    private final Precision precision;
    private final Kernels kernels;
    private final int levels;
    private final int width;
    private final int maxRows;
    private final MemorySegment memory;
    private final @Nullable RowScale[] scales;
    /** By first row of the tile and rows in it. Filled by {@link #prepare} alone. */
    private final @Nullable Map<String, OnnxTensor>[] inputs;

    /**
     * Room for {@code maxRows} rows of {@code width}.
     *
     * @param levels see {@link Kernels#quantize}
     * @param arena outlives this
     */
    public ActivationRows(Precision precision, Kernels kernels, int levels, int width, int maxRows, Arena arena) {
        this.precision = precision;
        this.kernels = kernels;
        this.levels = levels;
        this.width = width;
        this.maxRows = roundUp(maxRows);
        this.memory = arena.allocate((long) this.maxRows * width * precision.weightBytes(), 64);
        this.scales = new RowScale[this.maxRows];
        this.inputs = newInputs(this.maxRows + 1);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types.
    private static @Nullable Map<String, OnnxTensor>[] newInputs(int size) {
        return new Map[size];
    }

    private static int roundUp(int rows) {
        return (rows + LinearLayer.TILE_ROWS - 1) / LinearLayer.TILE_ROWS * LinearLayer.TILE_ROWS;
    }

    /** Bytes that an instance of these sizes takes. */
    public static long bytes(Precision precision, int width, int maxRows) {
        return (long) roundUp(maxRows) * width * precision.weightBytes();
    }

    /**
     * Sets row {@code row} to {@code values[start …]}.
     *
     * @throws ArithmeticException when an element is not finite and the row is quantized
     */
    public void put(int row, float[] values, int start) {
        switch (precision) {
            case F32 -> MemorySegment.copy(values, start, memory, ValueLayout.JAVA_FLOAT, 4L * row * width, width);
            case INT8 -> scales[row] = kernels.quantize(values, start, width, levels, memory, (long) row * width);
        }
    }

    /** Makes the runtime's views of the first {@code rows} rows. Costs nothing when these were used before. */
    void prepare(int rows, boolean wholeTiles) throws OrtException {
        Checks.check(rows <= maxRows, "%d rows where at most %d fit", rows, maxRows);
        for (int first = 0; first < rows; first += LinearLayer.TILE_ROWS) {
            int count = wholeTiles ? LinearLayer.TILE_ROWS : Math.min(LinearLayer.TILE_ROWS, rows - first);
            if (inputs[first + count] == null) {
                inputs[first + count] = Map.of(OnnxMatrixProduct.INPUT, view(first, count));
            }
        }
    }

    private OnnxTensor view(int first, int count) throws OrtException {
        OnnxJavaType type = precision == Precision.F32 ? OnnxJavaType.FLOAT : OnnxJavaType.UINT8;
        return OnnxSessions.tensor(memory.asSlice((long) first * width * precision.weightBytes()), type, count, width);
    }

    /** The prepared view of {@code count} rows from {@code first}, which starts a tile. */
    Map<String, OnnxTensor> input(int first, int count) {
        Map<String, OnnxTensor> input = inputs[first + count];
        if (input == null) {
            throw new IllegalStateException("rows %d to %d were not prepared".formatted(first, first + count));
        }
        return input;
    }

    /** The scale of a quantized row. */
    RowScale scale(int row) {
        RowScale scale = scales[row];
        if (scale == null) {
            throw new IllegalStateException("row %d was never put".formatted(row));
        }
        return scale;
    }

    int width() {
        return width;
    }

    int levels() {
        return levels;
    }

    /** Frees the runtime's views. Idempotent. */
    @Override
    public void close() {
        for (int i = 0; i < inputs.length; i++) {
            Map<String, OnnxTensor> input = inputs[i];
            if (input != null) {
                input.values().forEach(OnnxTensor::close);
                inputs[i] = null;
            }
        }
    }
}
