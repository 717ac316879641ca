package dev.reprise.engine.local.model;

import dev.reprise.engine.local.model.StepBatch.Segment;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.weights.ModelConfig;
import java.util.Arrays;
import java.util.List;

/**
 * Causal attention of a step's rows over the paged pool.
 *
 * <p>A task is a short run of one sequence's rows and one key/value head. What a row gets depends on its position and
 * its sequence's keys and values alone: scores are sums over a head's elements in order; maximum, exponentials and their
 * sum go over the positions from 0 to the row's own in tiles of 16; values are added in order of position. Runs, blocks
 * and threads only decide when.
 */
final class PagedAttention {
    private final ModelConfig config;
    private final Kernels kernels;
    private final KvPool pool;
    private final int blockSize;
    private final int runRows;
    private final float scoreScale;
    private final AttentionScratch[] scratch;

    /** The rows of a step: segment, first row within it and in the step, and count, for each run. */
    private final int[] runSegment;

    private final int[] runFirst;
    private final int[] runRow;
    private final int[] runCount;
    private int runs;

    PagedAttention(ModelConfig config, Kernels kernels, KvPool pool, RunnerOptions options, int threads) {
        this.config = config;
        this.kernels = kernels;
        this.pool = pool;
        this.blockSize = options.blockSizeTokens();
        this.runRows = AttentionScratch.rows(config, options.maxModelTokens());
        this.scoreScale = (float) (1.0 / Math.sqrt(config.headSize()));
        this.scratch = new AttentionScratch[threads];
        Arrays.setAll(scratch, slot -> new AttentionScratch(config, options.maxModelTokens()));
        this.runSegment = new int[options.maxStepRows()];
        this.runFirst = new int[options.maxStepRows()];
        this.runRow = new int[options.maxStepRows()];
        this.runCount = new int[options.maxStepRows()];
    }

    /** Cuts a step's rows into runs, for all its layers. */
    void plan(List<Segment> segments) {
        runs = 0;
        int row = 0;
        for (int s = 0; s < segments.size(); s++) {
            int rows = segments.get(s).tokens().length;
            for (int first = 0; first < rows; first += runRows) {
                runSegment[runs] = s;
                runFirst[runs] = first;
                runRow[runs] = row + first;
                runCount[runs] = Math.min(runRows, rows - first);
                runs++;
            }
            row += rows;
        }
    }

    /**
     * Computes all rows of the planned step.
     *
     * @param rows queries, keys and values of each row, {@code stride} apart; queries first, already rotated
     * @param out the heads of each row, {@code querySize} apart
     */
    void attend(ComputePool.Turn turn, int layer, List<Segment> segments, float[] rows, int stride, float[] out)
            throws Exception {
        turn.run(
                runs * config.kvHeads(),
                (index, slot) -> attendRun(
                        index / config.kvHeads(),
                        index % config.kvHeads(),
                        layer,
                        segments,
                        rows,
                        stride,
                        out,
                        scratch[slot]));
    }

    private void attendRun(
            int run,
            int head,
            int layer,
            List<Segment> segments,
            float[] rows,
            int stride,
            float[] out,
            AttentionScratch own) {
        Segment segment = segments.get(runSegment[run]);
        int firstPosition = segment.startPosition() + runFirst[run];
        int count = runCount[run];
        int scoresStride = AttentionScratch.stride(firstPosition + count);
        gatherQueries(run, head, rows, stride, own.queries);
        score(segment.blockTable(), firstPosition + count, layer, head, count, own, scoresStride);
        int group = config.headsPerKvHead();
        Arrays.fill(own.sums, 0, count * group * config.headSize(), 0.0f);
        float[] sums = new float[count * group];
        for (int query = 0; query < sums.length; query++) {
            int positions = firstPosition + query / group + 1;
            sums[query] = kernels.exponentiate(own.scores, query * scoresStride, positions);
        }
        weigh(segment.blockTable(), firstPosition, layer, head, count, own, scoresStride);
        for (int query = 0; query < sums.length; query++) {
            int at = (runRow[run] + query / group) * config.querySize()
                    + (head * group + query % group) * config.headSize();
            kernels.scale(own.sums, query * config.headSize(), 1.0f / sums[query], out, at, config.headSize());
        }
    }

    private void gatherQueries(int run, int head, float[] rows, int stride, float[] queries) {
        int groupSize = config.headsPerKvHead() * config.headSize();
        for (int i = 0; i < runCount[run]; i++) {
            int from = (runRow[run] + i) * stride + head * groupSize;
            kernels.scale(rows, from, scoreScale, queries, i * groupSize, groupSize);
        }
    }

    private void score(
            int[] table, int positions, int layer, int head, int count, AttentionScratch own, int scoresStride) {
        int queries = count * config.headsPerKvHead();
        for (int first = 0; first < positions; first += blockSize) {
            int tiles = AttentionScratch.stride(Math.min(blockSize, positions - first)) / Kernels.LANES;
            kernels.scores(
                    own.queries,
                    queries,
                    config.headSize(),
                    pool.block(table[first / blockSize]),
                    pool.keysOffset(layer, head),
                    tiles,
                    own.scores,
                    first,
                    scoresStride);
        }
    }

    private void weigh(
            int[] table, int firstPosition, int layer, int head, int count, AttentionScratch own, int scoresStride) {
        int group = config.headsPerKvHead();
        for (int first = 0; first < firstPosition + count; first += blockSize) {
            // Positions that all rows of the run see, then each later row's own.
            int common = Math.clamp(firstPosition + 1L - first, 0, blockSize);
            if (common > 0) {
                accumulate(table, first, 0, common, layer, head, 0, count * group, own, scoresStride);
            }
            for (int i = 1; i < count; i++) {
                int visible = Math.clamp(firstPosition + i + 1L - first, 0, blockSize);
                if (visible > common) {
                    accumulate(table, first, common, visible, layer, head, i * group, group, own, scoresStride);
                }
            }
        }
    }

    /** Adds values of tokens [from, to) of the block that starts at position {@code first}. */
    private void accumulate(
            int[] table,
            int first,
            int from,
            int to,
            int layer,
            int head,
            int query,
            int queries,
            AttentionScratch own,
            int scoresStride) {
        int headSize = config.headSize();
        kernels.accumulate(
                own.scores,
                query * scoresStride + first + from,
                scoresStride,
                queries,
                to - from,
                pool.block(table[first / blockSize]),
                pool.valuesOffset(layer, head) + 4L * from * headSize,
                headSize,
                own.sums,
                query * headSize);
    }
}
