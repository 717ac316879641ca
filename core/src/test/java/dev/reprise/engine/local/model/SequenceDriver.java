package dev.reprise.engine.local.model;

import dev.reprise.engine.local.model.StepBatch.Segment;
import dev.reprise.runtime.RandomSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Runs whole token sequences through a runner, in one step each or by a random schedule. */
final class SequenceDriver {
    /** Marks a logit that was not asked for: no computation gives this NaN's bits. */
    private static final int UNWANTED_BITS = 0x7fc0_dead;

    private final LlamaRunner runner;
    private final int blockSize;
    private final int vocabulary;

    SequenceDriver(LlamaRunner runner) {
        this.runner = runner;
        this.blockSize = runner.kvLayout().blockSizeTokens();
        this.vocabulary = runner.vocabularySize();
    }

    /** Token ids. */
    static int[] tokens(RandomSource random, int count, int vocabulary) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = random.nextInt(vocabulary);
        }
        return tokens;
    }

    /** All logits of one sequence, token by token, in blocks 0, 1, 2 … */
    float[] tokenByToken(int[] tokens) throws ComputeException {
        int[] table = new int[(tokens.length + blockSize - 1) / blockSize];
        Arrays.setAll(table, i -> i);
        float[] all = new float[tokens.length * vocabulary];
        float[] row = new float[vocabulary];
        for (int i = 0; i < tokens.length; i++) {
            runner.step(new StepBatch(List.of(new Segment(new int[] {tokens[i]}, i, table, 1))), row);
            System.arraycopy(row, 0, all, i * vocabulary, vocabulary);
        }
        return all;
    }

    /**
     * Logits of all sequences, computed together in chunks, batches and blocks drawn from {@code random}; the few rows
     * that were not wanted are {@link #isUnwanted}.
     */
    List<float[]> randomSchedule(List<int[]> sequences, RandomSource random, int maxRows) throws ComputeException {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < runner.totalBlocks(); i++) {
            ids.add(i);
        }
        Collections.shuffle(ids, new Random(random.nextLong()));
        Deque<Integer> free = new ArrayDeque<>(ids);
        List<float[]> logits = new ArrayList<>();
        List<int[]> tables = new ArrayList<>();
        int[] done = new int[sequences.size()];
        for (int[] tokens : sequences) {
            float[] all = new float[tokens.length * vocabulary];
            Arrays.fill(all, Float.intBitsToFloat(UNWANTED_BITS));
            logits.add(all);
            tables.add(new int[(tokens.length + blockSize - 1) / blockSize]);
            Arrays.setAll(tables.getLast(), i -> free.pop());
        }
        while (step(sequences, tables, logits, done, random, maxRows)) {
            preemptSometimes(done, random);
        }
        return logits;
    }

    /** Whether nobody asked for {@code logit}; a NaN that was computed is another one. */
    static boolean isUnwanted(float logit) {
        return Float.floatToRawIntBits(logit) == UNWANTED_BITS;
    }

    /** Throws a sequence's progress away back to a block border: its blocks are written again. */
    private void preemptSometimes(int[] done, RandomSource random) {
        if (random.nextInt(6) == 0) {
            int victim = random.nextInt(done.length);
            done[victim] = random.nextInt(done[victim] / blockSize + 1) * blockSize;
        }
    }

    private boolean step(
            List<int[]> sequences,
            List<int[]> tables,
            List<float[]> logits,
            int[] done,
            RandomSource random,
            int maxRows)
            throws ComputeException {
        List<Segment> segments = new ArrayList<>();
        List<Integer> members = new ArrayList<>();
        int rows = 0;
        int first = random.nextInt(sequences.size());
        for (int i = 0; i < sequences.size(); i++) {
            int s = (first + i) % sequences.size();
            int left = sequences.get(s).length - done[s];
            int most = Math.min(left, maxRows - rows);
            if (most > 0 && (segments.isEmpty() || random.nextInt(4) > 0)) {
                int count = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(most);
                int[] tokens = Arrays.copyOfRange(sequences.get(s), done[s], done[s] + count);
                int unwanted = random.nextInt(4) == 0 ? random.nextInt(count + 1) : 0;
                segments.add(new Segment(tokens, done[s], tables.get(s), count - unwanted));
                members.add(s);
                rows += count;
            }
        }
        if (segments.isEmpty()) {
            return false;
        }
        StepBatch batch = new StepBatch(segments);
        float[] wanted = new float[batch.logitRows() * vocabulary];
        runner.step(batch, wanted);
        int at = 0;
        for (int i = 0; i < members.size(); i++) {
            Segment segment = segments.get(i);
            int s = members.get(i);
            done[s] += segment.tokens().length;
            int rowsWanted = segment.logitRows();
            System.arraycopy(
                    wanted,
                    at * vocabulary,
                    logits.get(s),
                    (done[s] - rowsWanted) * vocabulary,
                    rowsWanted * vocabulary);
            at += rowsWanted;
        }
        return true;
    }
}
