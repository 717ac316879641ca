package dev.reprise.engine.local.model;

import dev.reprise.engine.SamplingOptions;
import dev.reprise.engine.TokenLogprobs;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.runtime.RandomSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses the next token from a row of logits.
 *
 * <p>Equal arguments give equal tokens: the draw depends on the seed and the output index alone, so a sequence that is
 * computed again, after a preemption or elsewhere, goes on with the same tokens. Tokens are ordered by logit, the higher
 * first, then by id, the lower first; greedy choice takes the first. Temperature, then top-k, then top-p on what top-k
 * left, as in vLLM.
 *
 * <p>Holds scratch memory for one row: one thread at a time.
 */
public final class Sampler {
    private final Kernels kernels;
    private final int vocabularySize;
    private final float[] weights;
    private final long[] candidates;

    /** A sampler for rows of {@code vocabularySize} logits. */
    public Sampler(Kernels kernels, int vocabularySize) {
        this.kernels = kernels;
        this.vocabularySize = vocabularySize;
        this.weights = new float[AttentionScratch.stride(vocabularySize)];
        this.candidates = new long[vocabularySize];
    }

    /**
     * Chooses a token.
     *
     * @param logits finite; the row is {@code logits[start …]}
     * @param seed of the request; its sampling options' seed is not looked at
     * @param outputIndex how many tokens the request has generated before this one
     */
    public int choose(float[] logits, int start, SamplingOptions options, long seed, int outputIndex) {
        if (options.temperature() == 0) {
            return mostLikely(logits, start);
        }
        weigh(logits, start, options.temperature());
        double draw = new RandomSource(new RandomSource(seed).nextLong() + outputIndex).nextDouble();
        boolean filtered = options.topP() < 1 || (options.topK() > 0 && options.topK() < vocabularySize);
        return filtered ? drawFiltered(options, draw) : drawAny(draw);
    }

    private int mostLikely(float[] logits, int start) {
        int best = 0;
        for (int id = 1; id < vocabularySize; id++) {
            if (logits[start + id] > logits[start + best]) {
                best = id;
            }
        }
        return best;
    }

    /** Sets {@link #weights} to numbers proportional to the tokens' probabilities; the largest is 1. */
    private float weigh(float[] logits, int start, double temperature) {
        float max = logits[start + mostLikely(logits, start)];
        for (int id = 0; id < vocabularySize; id++) {
            weights[id] = (float) (((double) logits[start + id] - max) / temperature);
        }
        return kernels.exponentiate(weights, 0, vocabularySize);
    }

    private int drawAny(double draw) {
        double total = 0;
        for (int id = 0; id < vocabularySize; id++) {
            total += weights[id];
        }
        double target = draw * total;
        double sum = 0;
        for (int id = 0; id < vocabularySize; id++) {
            sum += weights[id];
            if (sum > target) {
                return id;
            }
        }
        return vocabularySize - 1;
    }

    private int drawFiltered(SamplingOptions options, double draw) {
        int count = gather(options);
        Arrays.sort(candidates, 0, count);
        int kept = options.topK() > 0 ? Math.min(count, options.topK()) : count;
        double keptTotal = options.topK() > 0 ? sumOfFirst(count, kept) : sumOfAll();
        if (options.topP() < 1) {
            kept = nucleus(count, kept, options.topP() * keptTotal);
        }
        double target = draw * sumOfFirst(count, kept);
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += weights[candidate(count, i)];
            if (sum > target) {
                return candidate(count, i);
            }
        }
        return candidate(count, kept - 1);
    }

    /**
     * Collects the tokens that a filter might keep. With top-p alone: those above (1 − p) ÷ vocabulary of the whole, for
     * all below it together are less than 1 − p.
     */
    private int gather(SamplingOptions options) {
        double least = options.topK() > 0 ? 0 : (1 - options.topP()) * sumOfAll() / vocabularySize;
        int count = 0;
        for (int id = 0; id < vocabularySize; id++) {
            if (weights[id] >= least) {
                candidates[count++] = key(weights[id], id);
            }
        }
        return count;
    }

    /** Sorts like the weight, which is not negative, and among equals puts lower ids higher. */
    private static long key(float weight, int id) {
        return ((long) Float.floatToRawIntBits(weight) << 32) | (0xFFFF_FFFFL - id);
    }

    /** The id of the {@code index}-th most likely of the {@code count} sorted candidates. */
    private int candidate(int count, int index) {
        return (int) (0xFFFF_FFFFL - (candidates[count - 1 - index] & 0xFFFF_FFFFL));
    }

    private double sumOfAll() {
        double sum = 0;
        for (int id = 0; id < vocabularySize; id++) {
            sum += weights[id];
        }
        return sum;
    }

    private double sumOfFirst(int count, int kept) {
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += weights[candidate(count, i)];
        }
        return sum;
    }

    /** How many of the first {@code kept} candidates reach {@code target} together. */
    private int nucleus(int count, int kept, double target) {
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += weights[candidate(count, i)];
            if (sum >= target) {
                return i + 1;
            }
        }
        return kept;
    }

    /**
     * Log probabilities of the model itself, before temperature and filters.
     *
     * @param top how many of the most likely tokens to report
     */
    public TokenLogprobs logprobs(float[] logits, int start, int chosen, int top) {
        float max = logits[start + mostLikely(logits, start)];
        double logSum = StrictMath.log(weigh(logits, start, 1.0));
        int count = Math.min(top, vocabularySize);
        List<TokenLogprobs.Entry> entries = new ArrayList<>(count);
        int previous = -1;
        for (int rank = 1; rank <= count; rank++) {
            previous = next(logits, start, previous);
            entries.add(entry(logits[start + previous] - max - logSum, previous, rank));
        }
        return new TokenLogprobs(
                entry(logits[start + chosen] - max - logSum, chosen, rank(logits, start, chosen)), entries);
    }

    private static TokenLogprobs.Entry entry(double logprob, int id, int rank) {
        return new TokenLogprobs.Entry(id, (float) Math.min(0, logprob), rank);
    }

    /** The token that follows {@code previous} in order; the first for −1. */
    private int next(float[] logits, int start, int previous) {
        int best = -1;
        for (int id = 0; id < vocabularySize; id++) {
            boolean after = previous < 0 || precedes(logits, start, previous, id);
            if (after && (best < 0 || precedes(logits, start, id, best))) {
                best = id;
            }
        }
        return best;
    }

    private int rank(float[] logits, int start, int token) {
        int rank = 1;
        for (int id = 0; id < vocabularySize; id++) {
            if (precedes(logits, start, id, token)) {
                rank++;
            }
        }
        return rank;
    }

    private static boolean precedes(float[] logits, int start, int left, int right) {
        float a = logits[start + left];
        float b = logits[start + right];
        return a > b || (a == b && left < right);
    }
}
