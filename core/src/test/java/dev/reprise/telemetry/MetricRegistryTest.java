package dev.reprise.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MetricRegistryTest {
    private final MetricRegistry metrics = new MetricRegistry();

    private String text() {
        return new String(metrics.expose(), StandardCharsets.UTF_8);
    }

    @Test
    void namesAreOursAndSayTheirUnit() {
        assertThat(Metric.values()).allSatisfy(metric -> {
            assertThat(metric.wireName()).matches("reprise_[a-z0-9_]+").doesNotEndWith("_total");
            assertThat(metric.help()).endsWith(".");
        });
        assertThat(Arrays.stream(Metric.values()).map(Metric::wireName)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(Metric.values())
                        .filter(m -> m.kind() == Metric.Kind.HISTOGRAM)
                        .map(Metric::wireName))
                .allMatch(name -> name.endsWith("_seconds"));
    }

    @Test
    void theTextHasHelpTypeAndValues() {
        metrics.count(Metric.OUTPUT_TOKENS, 3, "m");
        metrics.observe(Metric.END_TO_END, 0.3, "m");
        metrics.onExpose(() -> metrics.set(Metric.READY, 1));
        assertThat(text())
                .contains("# HELP reprise_output_tokens_total Output tokens sent to clients.")
                .contains("# TYPE reprise_output_tokens_total counter")
                .contains("reprise_output_tokens_total{model=\"m\"} 3.0")
                .contains("reprise_end_to_end_seconds_bucket{model=\"m\",le=\"0.5\"} 1")
                .contains("reprise_ready 1.0");
    }

    @Test
    void labelsAreBounded() {
        for (int i = 0; i < 2 * MetricRegistry.MAX_LABEL_SETS; i++) {
            metrics.count(Metric.REQUEST_ERRORS, 1, "code" + i);
        }
        assertThat(text()).contains("reprise_request_errors_total{code=\"other\"} " + MetricRegistry.MAX_LABEL_SETS);
        assertThat(text().lines().filter(line -> line.startsWith("reprise_request_errors_total{")))
                .hasSize(MetricRegistry.MAX_LABEL_SETS + 1);
    }

    @Test
    void totalsCountedElsewhereNeverFall() {
        metrics.raise(Metric.WORKER_STEPS, 5, "w");
        metrics.raise(Metric.WORKER_STEPS, 4, "w");
        assertThat(text()).contains("reprise_worker_steps_total{worker=\"w\"} 5.0");
    }

    @Test
    void aTotalRaisedByTwoScrapesAtOnceIsCountedOnce() throws Exception {
        int rounds = 50_000;
        Thread[] scrapes = new Thread[2];
        for (int t = 0; t < scrapes.length; t++) {
            scrapes[t] = Thread.ofPlatform().start(() -> {
                for (int total = 1; total <= rounds; total++) {
                    metrics.raise(Metric.WORKER_STEPS, total, "w");
                }
            });
        }
        for (Thread scrape : scrapes) {
            scrape.join();
        }
        assertThat(text()).contains("reprise_worker_steps_total{worker=\"w\"} " + (double) rounds);
    }
}
