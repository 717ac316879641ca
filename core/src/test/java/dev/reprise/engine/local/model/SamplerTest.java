package dev.reprise.engine.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.engine.SamplingOptions;
import dev.reprise.engine.TokenLogprobs;
import dev.reprise.engine.local.model.kernel.ScalarKernels;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.runtime.RandomSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int VOCABULARY = 37;

    private final RandomSource random = new RandomSource(12);

    private float[] logits() {
        float[] logits = new float[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            logits[i] = (float) (random.nextDouble() * 6 - 3);
        }
        logits[5] = logits[11];
        return logits;
    }

    private static SamplingOptions options(double temperature, double topP, int topK) {
        return new SamplingOptions(temperature, topP, topK, OptionalLong.empty(), OptionalInt.empty());
    }

    /** The distribution by its definition. */
    private static double[] distribution(float[] logits, SamplingOptions options) {
        List<Integer> order = new ArrayList<>();
        double[] weight = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            order.add(i);
            weight[i] = Math.exp(logits[i] / options.temperature());
        }
        order.sort(Comparator.<Integer>comparingDouble(i -> -logits[i]).thenComparingInt(i -> i));
        int kept = options.topK() == 0 ? order.size() : Math.min(options.topK(), order.size());
        double total =
                order.subList(0, kept).stream().mapToDouble(i -> weight[i]).sum();
        double sum = 0;
        int nucleus = 0;
        while (nucleus < kept && (nucleus == 0 || sum < options.topP() * total)) {
            sum += weight[order.get(nucleus++)];
        }
        double[] result = new double[logits.length];
        for (int i = 0; i < nucleus; i++) {
            result[order.get(i)] = weight[order.get(i)] / sum;
        }
        return result;
    }

    @Test
    void drawsFollowTheDistribution() {
        Sampler sampler = new Sampler(new VectorKernels(), VOCABULARY);
        List<SamplingOptions> cases = List.of(
                options(1, 1, 0),
                options(0.5, 1, 0),
                options(1, 1, 5),
                options(1.5, 0.7, 0),
                options(1, 0.5, 9),
                options(2, 0.999, 0),
                options(1, 0.01, 0),
                options(1, 1, 1),
                options(3, 1, 100));
        for (SamplingOptions options : cases) {
            float[] logits = logits();
            double[] expected = distribution(logits, options);
            int draws = 40_000;
            int[] counts = new int[VOCABULARY];
            for (int i = 0; i < draws; i++) {
                counts[sampler.choose(logits, 0, options, 1_000L + i / 200, i % 200)]++;
            }
            for (int id = 0; id < VOCABULARY; id++) {
                double deviation = Math.sqrt(draws * expected[id] * (1 - expected[id]));
                assertThat((double) counts[id])
                        .as("%s: token %d of probability %f", options, id, expected[id])
                        .isCloseTo(draws * expected[id], within(5 * deviation + (expected[id] > 0 ? 1 : 0)));
            }
        }
    }

    @Test
    void drawsDependOnSeedAndIndexAlone() {
        float[] logits = logits();
        SamplingOptions options = options(1, 0.9, 20);
        Sampler one = new Sampler(new VectorKernels(), VOCABULARY);
        Sampler other = new Sampler(new ScalarKernels(), VOCABULARY);
        for (int index = 99; index >= 0; index--) {
            int token = one.choose(logits, 0, options, 7, index);
            one.choose(logits(), 0, options, 8, index);
            assertThat(other.choose(logits, 0, options, 7, index)).isEqualTo(token);
        }
    }

    @Test
    void greedyTakesTheLowestIdAmongEquals() {
        float[] logits = new float[2 * VOCABULARY];
        logits[VOCABULARY + 9] = 4;
        logits[VOCABULARY + 30] = 4;
        Sampler sampler = new Sampler(new VectorKernels(), VOCABULARY);
        assertThat(sampler.choose(logits, VOCABULARY, SamplingOptions.GREEDY, 1, 0))
                .isEqualTo(9);
        assertThat(sampler.choose(logits, 0, SamplingOptions.GREEDY, 1, 0)).isZero();
        assertThat(sampler.choose(logits, VOCABULARY, options(1e-300, 1, 0), 1, 0))
                .isIn(9, 30);
        assertThat(sampler.choose(logits, VOCABULARY, options(1, 1, 1), 1, 0)).isEqualTo(9);
        assertThat(sampler.choose(logits, VOCABULARY, options(1, 1e-9, 0), 1, 0))
                .isEqualTo(9);
    }

    @Test
    void logprobsAreTheModelsOwn() {
        float[] logits = logits();
        Sampler sampler = new Sampler(new VectorKernels(), VOCABULARY);
        double[] expected = distribution(logits, options(1, 1, 0));
        for (int chosen = 0; chosen < VOCABULARY; chosen++) {
            TokenLogprobs result = sampler.logprobs(logits, 0, chosen, 6);
            assertThat((double) result.chosen().logprob()).isCloseTo(Math.log(expected[chosen]), within(1e-5));
            assertThat(result.top()).hasSize(6);
            for (int i = 0; i < 6; i++) {
                TokenLogprobs.Entry entry = result.top().get(i);
                assertThat(entry.rank()).isEqualTo(i + 1);
                assertThat((double) entry.logprob()).isCloseTo(Math.log(expected[entry.tokenId()]), within(1e-5));
                if (entry.tokenId() == chosen) {
                    assertThat(entry).isEqualTo(result.chosen());
                }
            }
        }
        assertThat(sampler.logprobs(logits, 0, 3, 0).top()).isEmpty();
        assertThat(sampler.logprobs(logits, 0, 3, 500).top()).hasSize(VOCABULARY);
    }
}
