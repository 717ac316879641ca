package dev.reprise.server;

import dev.reprise.telemetry.Metric;
import dev.reprise.telemetry.MetricRegistry;
import java.util.Optional;
import java.util.OptionalDouble;

/** Counts and times one generating request, for metrics and log. Used by the request's thread alone. */
final class GenerationRecord {
    private static final int MAX_LOGGED_CHARACTERS = 65_536;

    private final MetricRegistry metrics;
    private final String model;
    private final boolean stream;
    private final long arrivalNanos;
    private final long[] lastTokenNanos;
    private final Optional<String> prompt;
    private final StringBuilder answer = new StringBuilder();
    private OptionalDouble timeToFirstTokenSeconds = OptionalDouble.empty();
    private Optional<String> finishReason = Optional.empty();
    private int promptTokens;
    private int cachedTokens;
    private int outputTokens;

    /**
     * Begins a record.
     *
     * @param prompt the text given to the tokenizer, when texts may be logged
     */
    GenerationRecord(MetricRegistry metrics, String model, Call call, GenerationJob job, Optional<String> prompt) {
        this.metrics = metrics;
        this.model = model;
        this.stream = job.fields().stream().stream();
        this.arrivalNanos = call.arrivalNanos();
        this.lastTokenNanos = new long[job.choices().size()];
        this.prompt = prompt.map(text -> text.substring(0, Math.min(text.length(), MAX_LOGGED_CHARACTERS)));
    }

    /** Takes a piece of a choice's text; kept of the first choice alone, when texts may be logged. */
    void text(int choice, String piece) {
        if (choice == 0 && prompt.isPresent() && answer.length() + piece.length() <= MAX_LOGGED_CHARACTERS) {
            answer.append(piece);
        }
    }

    /** {@code tokens} (≥ 1) of a choice were delivered at {@code nowNanos}. */
    void delivered(int choice, int tokens, long nowNanos) {
        if (timeToFirstTokenSeconds.isEmpty()) {
            double seconds = (nowNanos - arrivalNanos) * 1e-9;
            timeToFirstTokenSeconds = OptionalDouble.of(seconds);
            metrics.observe(Metric.TIME_TO_FIRST_TOKEN, seconds, model);
        }
        boolean first = lastTokenNanos[choice] == 0;
        if (!first) {
            double gap = (nowNanos - lastTokenNanos[choice]) * 1e-9 / tokens;
            for (int i = 0; i < tokens; i++) {
                metrics.observe(Metric.INTER_TOKEN_LATENCY, gap, model);
            }
        }
        lastTokenNanos[choice] = nowNanos;
    }

    void finished(String reason) {
        if (finishReason.isEmpty()) {
            finishReason = Optional.of(reason);
        }
    }

    void tokens(int prompt, int cached, int output) {
        promptTokens = prompt;
        cachedTokens = cached;
        outputTokens = output;
    }

    /** Counts the request as ended, whatever ended it. */
    void end(long nowNanos) {
        metrics.observe(Metric.END_TO_END, (nowNanos - arrivalNanos) * 1e-9, model);
        metrics.count(Metric.PROMPT_TOKENS, promptTokens, model);
        metrics.count(Metric.CACHED_TOKENS, cachedTokens, model);
        metrics.count(Metric.OUTPUT_TOKENS, outputTokens, model);
    }

    RequestLog.Generation toLog() {
        return new RequestLog.Generation(
                model,
                stream,
                promptTokens,
                cachedTokens,
                outputTokens,
                timeToFirstTokenSeconds,
                finishReason,
                prompt,
                prompt.map(_ -> answer.toString()));
    }
}
