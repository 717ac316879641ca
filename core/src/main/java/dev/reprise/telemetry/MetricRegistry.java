package dev.reprise.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Counts all metrics of one process and writes them in Prometheus' text format.
 *
 * <p>Label values are bounded: a metric takes {@link #MAX_LABEL_SETS} combinations; what comes after is counted under
 * {@code other}. Thread-safe; nothing here blocks but {@link #expose}, which runs the collectors.
 */
public final class MetricRegistry {
    /** The content type of what {@link #expose} gives. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    /** Combinations of label values for each metric. */
    public static final int MAX_LABEL_SETS = 256;

    private static final String OTHER = "other";
    private static final double[] SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 180
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<Metric, Counter> counters = new EnumMap<>(Metric.class);
    private final Map<Metric, Gauge> gauges = new EnumMap<>(Metric.class);
    private final Map<Metric, Histogram> histograms = new EnumMap<>(Metric.class);
    private final Map<Metric, Set<List<String>>> seen = new EnumMap<>(Metric.class);
    private final List<Runnable> collectors = new CopyOnWriteArrayList<>();

    /** All metrics at zero. */
    public MetricRegistry() {
        for (Metric metric : Metric.values()) {
            seen.put(metric, ConcurrentHashMap.newKeySet());
            register(metric);
        }
    }

    /** Adds {@code amount} (≥ 0) to a counter. */
    public void count(Metric metric, double amount, String... labels) {
        counter(metric).labelValues(bounded(metric, labels)).inc(amount);
    }

    /**
     * Raises a counter to {@code total}, for totals that are counted elsewhere; never lowers it. One at a time: of two
     * scrapes at once the second must see what the first added.
     */
    public synchronized void raise(Metric metric, double total, String... labels) {
        var point = counter(metric).labelValues(bounded(metric, labels));
        double missing = total - point.get();
        if (missing > 0) {
            point.inc(missing);
        }
    }

    /** Sets a gauge. */
    public void set(Metric metric, double value, String... labels) {
        gauge(metric).labelValues(bounded(metric, labels)).set(value);
    }

    /** Adds to a gauge; {@code amount} may be negative. */
    public void add(Metric metric, double amount, String... labels) {
        gauge(metric).labelValues(bounded(metric, labels)).inc(amount);
    }

    /** The value of a gauge. */
    public double value(Metric metric, String... labels) {
        return gauge(metric).labelValues(bounded(metric, labels)).get();
    }

    /** Takes an observation into a histogram. */
    public void observe(Metric metric, double value, String... labels) {
        Objects.requireNonNull(histograms.get(metric), metric.wireName())
                .labelValues(bounded(metric, labels))
                .observe(value);
    }

    /** Runs {@code collector} before every exposition, to set gauges from a snapshot. It must not block. */
    public void onExpose(Runnable collector) {
        collectors.add(collector);
    }

    /** All metrics as text, {@link #CONTENT_TYPE}. */
    public byte[] expose() {
        collectors.forEach(Runnable::run);
        ByteArrayOutputStream out = new ByteArrayOutputStream(8_192);
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            // Writing to memory does not fail.
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void register(Metric metric) {
        String[] labels = metric.labels().toArray(new String[0]);
        switch (metric.kind()) {
            case COUNTER ->
                counters.put(
                        metric,
                        Counter.builder()
                                .name(metric.wireName())
                                .help(metric.help())
                                .labelNames(labels)
                                .register(registry));
            case GAUGE ->
                gauges.put(
                        metric,
                        Gauge.builder()
                                .name(metric.wireName())
                                .help(metric.help())
                                .labelNames(labels)
                                .register(registry));
            case HISTOGRAM ->
                histograms.put(
                        metric,
                        Histogram.builder()
                                .name(metric.wireName())
                                .help(metric.help())
                                .labelNames(labels)
                                .classicOnly()
                                .classicUpperBounds(SECONDS)
                                .register(registry));
        }
    }

    private Counter counter(Metric metric) {
        return Objects.requireNonNull(counters.get(metric), metric.wireName());
    }

    private Gauge gauge(Metric metric) {
        return Objects.requireNonNull(gauges.get(metric), metric.wireName());
    }

    /** The labels, or {@code other} for each when the metric has its fill. Racing callers may exceed the bound a bit. */
    private String[] bounded(Metric metric, String... labels) {
        Set<List<String>> known = Objects.requireNonNull(seen.get(metric));
        List<String> key = List.of(labels);
        if (known.contains(key)) {
            return labels;
        }
        if (known.size() >= MAX_LABEL_SETS) {
            String[] others = new String[labels.length];
            Arrays.fill(others, OTHER);
            return others;
        }
        known.add(key);
        return labels;
    }
}
