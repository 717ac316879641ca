package dev.reprise.telemetry;

import java.util.List;

/** Every metric there is. Base units, seconds and tokens and blocks, in the name. */
public enum Metric {
    /** Answered requests. */
    REQUESTS(
            Kind.COUNTER,
            "reprise_requests",
            "Answered HTTP requests by endpoint and class of status.",
            "endpoint",
            "status_class"),
    /** Errors by their stable code. */
    REQUEST_ERRORS(
            Kind.COUNTER, "reprise_request_errors", "Requests that ended with an error, by its stable code.", "code"),
    /** Arrival to first token sent. */
    TIME_TO_FIRST_TOKEN(Kind.HISTOGRAM, "reprise_time_to_first_token_seconds", "Arrival to first token sent.", "model"),
    /** Gap between consecutive output tokens. */
    INTER_TOKEN_LATENCY(
            Kind.HISTOGRAM, "reprise_inter_token_latency_seconds", "Gap between consecutive output tokens.", "model"),
    /** Arrival to last token. */
    END_TO_END(Kind.HISTOGRAM, "reprise_end_to_end_seconds", "Arrival to the end of the answer.", "model"),
    /** Prompt tokens of requests that an engine took. */
    PROMPT_TOKENS(Kind.COUNTER, "reprise_prompt_tokens", "Prompt tokens of ended requests.", "model"),
    /** Prompt tokens not computed. */
    CACHED_TOKENS(
            Kind.COUNTER,
            "reprise_cached_prompt_tokens",
            "Prompt tokens of ended requests whose KV was reused instead of computed.",
            "model"),
    /** Generated tokens. */
    OUTPUT_TOKENS(Kind.COUNTER, "reprise_output_tokens", "Output tokens sent to clients.", "model"),
    /** Generation requests being served. */
    OPEN_REQUESTS(Kind.GAUGE, "reprise_open_requests", "Generation requests being served."),
    /** Open event streams. */
    OPEN_STREAMS(Kind.GAUGE, "reprise_open_streams", "Event streams being written."),
    /** Requests that engines have not ended yet. */
    OPEN_ENGINE_REQUESTS(
            Kind.GAUGE, "reprise_open_engine_requests", "Requests handed to engines and not ended by them."),
    /** Whether the server takes work. */
    READY(Kind.GAUGE, "reprise_ready", "1 when requests are taken, else 0."),
    /** Version. */
    BUILD_INFO(Kind.GAUGE, "reprise_build_info", "Always 1; the labels name the build.", "version"),
    /** Requests taken up by the worker. */
    WORKER_RUNNING_REQUESTS(
            Kind.GAUGE, "reprise_worker_running_requests", "Requests that the worker computes.", "worker"),
    /** Requests waiting at the worker. */
    WORKER_WAITING_REQUESTS(
            Kind.GAUGE, "reprise_worker_waiting_requests", "Requests that wait at the worker.", "worker"),
    /** Prefill backlog of the worker. */
    WORKER_QUEUED_PREFILL_TOKENS(
            Kind.GAUGE,
            "reprise_worker_queued_prefill_tokens",
            "Prompt tokens that the worker has still to compute.",
            "worker"),
    /** KV blocks in all. */
    WORKER_TOTAL_BLOCKS(Kind.GAUGE, "reprise_worker_total_blocks", "KV blocks of the worker.", "worker"),
    /** KV blocks held. */
    WORKER_USED_BLOCKS(Kind.GAUGE, "reprise_worker_used_blocks", "KV blocks that live requests hold.", "worker"),
    /** KV blocks reusable. */
    WORKER_CACHED_BLOCKS(
            Kind.GAUGE,
            "reprise_worker_cached_blocks",
            "KV blocks that nobody holds and that can be reused.",
            "worker"),
    /** Steps of the worker. */
    WORKER_STEPS(Kind.COUNTER, "reprise_worker_steps", "Steps that the worker computed.", "worker"),
    /** Preemptions of the worker. */
    WORKER_PREEMPTIONS(
            Kind.COUNTER, "reprise_worker_preemptions", "Requests that the worker sent back to waiting.", "worker"),
    /** Whether the worker can serve. */
    WORKER_HEALTHY(Kind.GAUGE, "reprise_worker_healthy", "1 when the worker can serve, else 0.", "worker");

    enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private final Kind kind;
    private final String wireName;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<String> labels;

    Metric(Kind kind, String wireName, String help, String... labels) {
        this.kind = kind;
        this.wireName = wireName;
        this.help = help;
        this.labels = List.of(labels);
    }

    Kind kind() {
        return kind;
    }

    /** The name as Prometheus knows it; counters get {@code _total} when they are exposed. */
    public String wireName() {
        return wireName;
    }

    /** What it says. */
    public String help() {
        return help;
    }

    /** The names of its labels. */
    public List<String> labels() {
        return labels;
    }
}
