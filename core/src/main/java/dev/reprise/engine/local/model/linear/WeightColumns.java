package dev.reprise.engine.local.model.linear;

import dev.reprise.engine.local.model.weights.WeightTensor;
import dev.reprise.runtime.Checks;
import java.util.ArrayList;
import java.util.List;

/**
 * Which stored weights make the columns of a linear layer, and how the columns are cut into slices. The cut follows
 * from the model alone, never from the number of threads.
 */
public final class WeightColumns {
    private static final int SLICE_COLUMNS = 512;
    private static final int MAX_SLICES = 64;
    private static final int SLICE_ALIGNMENT = 16;

    private final int width;
    private final List<Slice> slices;

    private WeightColumns(int width, List<Slice> slices) {
        this.width = width;
        this.slices = List.copyOf(slices);
    }

    /**
     * Consecutive columns of the layer's result.
     *
     * @param firstColumn the first of them; of a pair, the first in each half
     * @param ranges the stored rows that make them, in order
     */
    record Slice(int firstColumn, List<Range> ranges) {
        int columns() {
            return ranges.stream().mapToInt(Range::rows).sum();
        }
    }

    /** Rows {@code first} to {@code first + rows − 1} of a stored tensor: columns of a layer. */
    record Range(WeightTensor tensor, int first, int rows) {}

    /** One tensor after the other. */
    public static WeightColumns inSequence(WeightTensor... tensors) {
        int columns = 0;
        for (WeightTensor tensor : tensors) {
            columns += tensor.rows();
        }
        List<Slice> slices = new ArrayList<>();
        int step = sliceColumns(columns, SLICE_COLUMNS);
        for (int first = 0; first < columns; first += step) {
            slices.add(new Slice(first, ranges(tensors, first, Math.min(columns, first + step))));
        }
        return new WeightColumns(tensors[0].columns(), slices);
    }

    /** Two tensors of one shape; each slice has the same columns of both, first those of {@code left}. */
    public static WeightColumns inPairs(WeightTensor left, WeightTensor right) {
        Checks.check(left.rows() == right.rows(), "pair of %d and %d columns", left.rows(), right.rows());
        List<Slice> slices = new ArrayList<>();
        int step = sliceColumns(left.rows(), SLICE_COLUMNS / 2);
        for (int first = 0; first < left.rows(); first += step) {
            int columns = Math.min(step, left.rows() - first);
            slices.add(new Slice(first, List.of(new Range(left, first, columns), new Range(right, first, columns))));
        }
        return new WeightColumns(left.columns(), slices);
    }

    private static int sliceColumns(int columns, int wanted) {
        int slices = Math.min(MAX_SLICES, (columns + wanted - 1) / wanted);
        int even = (columns + slices - 1) / slices;
        return (even + SLICE_ALIGNMENT - 1) / SLICE_ALIGNMENT * SLICE_ALIGNMENT;
    }

    private static List<Range> ranges(WeightTensor[] tensors, int from, int to) {
        List<Range> ranges = new ArrayList<>();
        int start = 0;
        for (WeightTensor tensor : tensors) {
            int first = Math.max(from, start) - start;
            int end = Math.min(to, start + tensor.rows()) - start;
            if (end > first) {
                ranges.add(new Range(tensor, first, end - first));
            }
            start += tensor.rows();
        }
        return ranges;
    }

    int width() {
        return width;
    }

    List<Slice> slices() {
        return slices;
    }
}
