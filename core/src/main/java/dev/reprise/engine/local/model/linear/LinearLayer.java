package dev.reprise.engine.local.model.linear;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.kernel.Kernels.ColumnScales;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rows times one weight matrix.
 *
 * <p>The matrix is cut into column slices, one runtime session each; a step's rows are cut into tiles. Every pair of
 * tile and slice is a task of its own on one thread, so results do not depend on the number of threads; and a row's
 * result does not depend on the other rows of its tile: of integers because their sums are exact, of floats because the
 * runtime's kernels were found so when the layer was made, or else always get whole tiles.
 *
 * <p>Immutable; any number of runners may use one layer at once, each with its own rows and tiles.
 */
public final class LinearLayer implements AutoCloseable {
    /** Rows computed at a time. */
    static final int TILE_ROWS = 64;

    private static final Set<String> ALL_OUTPUTS = Set.of();

    private final Precision precision;
    private final List<Part> parts;
    private final boolean wholeTiles;

    LinearLayer(Precision precision, List<Part> parts, boolean wholeTiles) {
        this.precision = precision;
        this.parts = List.copyOf(parts);
        this.wholeTiles = wholeTiles;
    }

    /**
     * One slice.
     *
     * @param scales of its columns; empty for floats
     */
    record Part(OrtSession session, int firstColumn, int columns, ColumnScales scales) {}

    /** Takes a layer's results, one row of one slice at a time, on any of the pool's threads. */
    @FunctionalInterface
    public interface Results {
        /**
         * Takes {@code count} results of row {@code row} from {@code values[0 …]}.
         *
         * @param firstColumn the column of the first; of a pair, in each half
         * @param values only valid during the call
         */
        void row(int row, int firstColumn, int count, float[] values);
    }

    /** The widest slice. */
    public int maxPartColumns() {
        return parts.stream().mapToInt(Part::columns).max().orElseThrow();
    }

    /**
     * Multiplies the first {@code rows} rows of {@code input}.
     *
     * @param tiles one for each of the pool's threads
     * @throws Exception when the runtime fails, an OrtException
     */
    public void multiply(
            ComputePool.Turn turn,
            Kernels kernels,
            ActivationRows input,
            int rows,
            List<ProductTiles> tiles,
            Results results)
            throws Exception {
        input.prepare(rows, wholeTiles);
        int rowTiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
        turn.run(rowTiles * parts.size(), (index, slot) -> {
            // Slices outside, tiles inside: a slice's weights stay in the cache for all tiles.
            int first = index % rowTiles * TILE_ROWS;
            int count = Math.min(TILE_ROWS, rows - first);
            multiplyTile(parts.get(index / rowTiles), kernels, input, first, count, tiles.get(slot), results);
        });
    }

    private void multiplyTile(
            Part part, Kernels kernels, ActivationRows input, int first, int count, ProductTiles tiles, Results results)
            throws OrtException {
        int computed = wholeTiles ? TILE_ROWS : count;
        part.session
                .run(input.input(first, computed), ALL_OUTPUTS, tiles.output(computed, part.columns))
                .close();
        float[] row = tiles.row();
        for (int i = 0; i < count; i++) {
            long offset = 4L * i * part.columns;
            if (precision == Precision.F32) {
                MemorySegment.copy(tiles.memory(), ValueLayout.JAVA_FLOAT, offset, row, 0, part.columns);
            } else {
                kernels.dequantize(
                        tiles.memory(), offset, part.columns, input.scale(first + i), part.scales, 0, row, 0);
            }
            results.row(first + i, part.firstColumn, part.columns, row);
        }
    }

    /** Frees the weights. */
    @Override
    public void close() {
        closeAll(new ArrayList<>(parts));
    }

    static void closeAll(List<Part> parts) {
        for (Part part : parts) {
            try {
                part.session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime could not free a session", e);
            }
        }
    }
}
