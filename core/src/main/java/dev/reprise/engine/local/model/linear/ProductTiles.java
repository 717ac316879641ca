package dev.reprise.engine.local.model.linear;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Where one compute thread lets the runtime write: one tile, read and overwritten for each product, with one view for
 * each shape that was needed. One thread at a time.
 */
public final class ProductTiles implements AutoCloseable {
    private final MemorySegment memory;
    private final OnnxJavaType type;
    private final float[] row;
    private final Map<Long, Map<String, OnnxTensor>> views = new HashMap<>();

    /**
     * Room for tiles of up to {@code maxColumns} columns.
     *
     * @param arena outlives this
     */
    public ProductTiles(Precision precision, int maxColumns, Arena arena) {
        this.memory = arena.allocate(bytes(maxColumns), 64);
        this.type = precision == Precision.F32 ? OnnxJavaType.FLOAT : OnnxJavaType.INT32;
        this.row = new float[maxColumns];
    }

    /** Bytes that an instance of this size takes in native memory. */
    public static long bytes(int maxColumns) {
        return 4L * LinearLayer.TILE_ROWS * maxColumns;
    }

    Map<String, OnnxTensor> output(int rows, int columns) throws OrtException {
        long key = ((long) rows << 32) | columns;
        Map<String, OnnxTensor> view = views.get(key);
        if (view == null) {
            view = Map.of(OnnxMatrixProduct.OUTPUT, OnnxSessions.tensor(memory, type, rows, columns));
            views.put(key, view);
        }
        return view;
    }

    MemorySegment memory() {
        return memory;
    }

    /** Scratch for one row of a tile. */
    float[] row() {
        return row;
    }

    /** Frees the runtime's views. Idempotent. */
    @Override
    public void close() {
        views.values().forEach(view -> view.values().forEach(OnnxTensor::close));
        views.clear();
    }
}
