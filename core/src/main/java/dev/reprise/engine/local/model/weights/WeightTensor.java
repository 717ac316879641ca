package dev.reprise.engine.local.model.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One stored tensor of one or two dimensions, a view of the mapped file. Any thread may read it while the file is
 * open.
 */
public final class WeightTensor {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final ElementType type;
    private final int rows;
    private final int columns;
    private final MemorySegment data;

    WeightTensor(String name, ElementType type, int rows, int columns, MemorySegment data) {
        this.name = name;
        this.type = type;
        this.rows = rows;
        this.columns = columns;
        this.data = data;
    }

    /** The name in the file. */
    public String name() {
        return name;
    }

    /** Rows; 1 for a vector. */
    public int rows() {
        return rows;
    }

    /** Elements of one row. */
    public int columns() {
        return columns;
    }

    /** Widens {@code count} elements of row {@code row} from {@code column} on into {@code target}. Exact. */
    public void read(int row, int column, int count, float[] target, int targetStart) {
        long first = (long) row * columns + column;
        switch (type) {
            case F32 -> MemorySegment.copy(data, FLOAT, first * 4, target, targetStart, count);
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[targetStart + i] = Float.intBitsToFloat(data.get(SHORT, (first + i) * 2) << 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[targetStart + i] = Float.float16ToFloat(data.get(SHORT, (first + i) * 2));
                }
            }
        }
    }

    /** A copy of row {@code row}, widened. */
    public float[] row(int row) {
        float[] values = new float[columns];
        read(row, 0, columns, values, 0);
        return values;
    }
}
