package dev.reprise.server;

import dev.reprise.engine.EngineCapability;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.StopConditions;
import dev.reprise.identity.RequestId;
import dev.reprise.openai.AnswerFormat;
import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.openai.ChatFormat;
import dev.reprise.openai.ChatRequest;
import dev.reprise.openai.CommonFields;
import dev.reprise.openai.CompletionFormat;
import dev.reprise.openai.CompletionRequest;
import dev.reprise.openai.ResponseHead;
import dev.reprise.router.WorkerView;
import dev.reprise.runtime.Clock;
import dev.reprise.runtime.Deadline;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.Registration;
import dev.reprise.telemetry.Metric;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.CacheSaltFormula;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/** Serves chats and completions: text to tokens, tokens to the backend, its events back to the client. Thread-safe. */
final class GenerationService {
    /** Signals beside the engine's own: keep-alive, deadline, client gone. */
    private static final int OTHER_SIGNALS = 3;
    /** Events of a choice beside its tokens: started, and finished or failed. */
    private static final int OTHER_EVENTS = 2;

    private static final AnswerFormat CHAT = new ChatFormat();
    private static final AnswerFormat COMPLETION = new CompletionFormat();

    private final ServerOptions options;
    private final ServerParts parts;
    private final ServedModel model;
    private final PromptEncoder encoder;
    private final RequestPlanner planner;
    private final OpenRequests open;
    private final EventLoop timers;
    private final Clock clock;
    private final String fingerprint;
    private final AtomicLong sequence = new AtomicLong();

    GenerationService(ServerOptions options, ServerParts parts, PromptEncoder encoder, OpenRequests open) {
        this.options = options;
        this.parts = parts;
        this.model = parts.model();
        this.encoder = encoder;
        this.planner = new RequestPlanner(model, options.maxChoices());
        this.open = open;
        this.timers = parts.timers();
        this.clock = timers.clock();
        String revision = model.revision();
        this.fingerprint = "reprise-" + parts.version() + "-" + revision.substring(0, Math.min(8, revision.length()));
    }

    void chat(Call call, ChatRequest request) throws IOException, InterruptedException {
        CommonFields fields = request.common();
        try (Registration _ = admit(fields, 1)) {
            PromptEncoder.Encoded encoded = encoder.chat(request.conversation());
            generate(call, job(CHAT, fields, encoded, OptionalInt.empty()), encoded);
        }
    }

    void complete(Call call, CompletionRequest request) throws IOException, InterruptedException {
        CommonFields fields = request.common();
        try (Registration _ = admit(fields, request.prompts().size())) {
            PromptEncoder.Encoded encoded = encoder.prompts(request.prompts(), request.addSpecialTokens());
            encoded.prompts().forEach(tokens -> planner.checkVocabulary(tokens, "prompt"));
            OptionalInt defaultTokens = OptionalInt.of(RequestPlanner.DEFAULT_COMPLETION_TOKENS);
            generate(call, job(COMPLETION, fields, encoded, defaultTokens), encoded);
        }
    }

    private GenerationJob job(
            AnswerFormat format, CommonFields fields, PromptEncoder.Encoded encoded, OptionalInt defaultTokens) {
        return new GenerationJob(format, fields, planner.plan(fields, encoded.prompts(), defaultTokens));
    }

    /** Checks that the request can be served at all and takes a place among the open ones. */
    private Registration admit(CommonFields fields, int prompts) {
        planner.checkBeforeEncoding(fields, prompts);
        checkWorkers(fields);
        Registration place =
                switch (open.enter()) {
                    case OpenRequests.Entry.Admitted(Registration admitted) -> admitted;
                    case OpenRequests.Entry.Full(int limit) ->
                        throw ApiException.of(
                                ApiErrorCode.OVERLOADED,
                                "all %d places for open requests are taken; try again later".formatted(limit));
                    case OpenRequests.Entry.Draining _ ->
                        throw ApiException.of(
                                ApiErrorCode.SHUTTING_DOWN, "the server is shutting down; try another one");
                };
        parts.metrics().add(Metric.OPEN_REQUESTS, 1);
        return () -> {
            parts.metrics().add(Metric.OPEN_REQUESTS, -1);
            place.close();
        };
    }

    private void checkWorkers(CommonFields fields) {
        List<WorkerView> healthy =
                parts.backend().workers().stream().filter(WorkerView::isHealthy).toList();
        if (healthy.isEmpty()) {
            throw ApiException.of(ApiErrorCode.NO_WORKER, "no worker can serve now; see /health and the log");
        }
        boolean logprobs =
                healthy.stream().anyMatch(w -> w.description().capabilities().contains(EngineCapability.LOGPROBS));
        if (fields.output().logprobs().isPresent() && !logprobs) {
            throw ApiException.of(
                    ApiErrorCode.NOT_IMPLEMENTED,
                    "logprobs",
                    "`logprobs` asks for log probabilities, which no worker reports; leave it out");
        }
    }

    private void generate(Call call, GenerationJob job, PromptEncoder.Encoded encoded)
            throws IOException, InterruptedException {
        Optional<String> prompt =
                options.logPrompts() ? Optional.of(String.join("\n", encoded.texts())) : Optional.empty();
        GenerationRecord record =
                new GenerationRecord(parts.metrics(), model.name().value(), call, job, prompt);
        call.generation(record);
        ResponseHead head = new ResponseHead(
                job.format().idPrefix() + call.requestId(),
                clock.now().getEpochSecond(),
                model.name().value(),
                fingerprint);
        try {
            if (job.fields().stream().stream()) {
                run(call, job, new Generation.Output(new StreamDelivery(call, job.format(), head, job), record));
            } else {
                Delivery delivery = new WholeDelivery(
                        call, job.format(), head, job.choices().size());
                run(call, job, new Generation.Output(delivery, record));
            }
        } finally {
            record.end(clock.nanos());
        }
    }

    private void run(Call call, GenerationJob job, Generation.Output output) throws IOException, InterruptedException {
        int choices = job.choices().size();
        Mailbox mailbox = new Mailbox(choices * (options.outputWindowTokens() + OTHER_EVENTS) + OTHER_SIGNALS);
        Deadline deadline =
                new Deadline(call.arrivalNanos() + options.requestTimeout().toNanos());
        boolean stream = job.fields().stream().stream();
        try (EngineRequests requests = new EngineRequests(mailbox, parts.metrics());
                KeepAlive keepAlive = new KeepAlive(mailbox, timers, options.keepAliveInterval(), stream);
                Registration _ = timers.schedule(
                        deadline.atNanos() - clock.nanos(), () -> mailbox.put(new Signal.DeadlinePassed()));
                Registration _ = call.exchange().onDisconnect(() -> mailbox.put(new Signal.ClientGone()))) {
            Generation generation = new Generation(job, model, mailbox, requests, clock, output);
            submit(call, job, requests, deadline);
            keepAlive.schedule();
            if (stream) {
                parts.metrics().add(Metric.OPEN_STREAMS, 1);
            }
            try {
                generation.run(keepAlive::schedule);
            } finally {
                if (stream) {
                    parts.metrics().add(Metric.OPEN_STREAMS, -1);
                }
            }
        }
    }

    private void submit(Call call, GenerationJob job, EngineRequests requests, Deadline deadline) {
        CommonFields fields = job.fields();
        CacheSalt salt = parts.salts()
                .salt(new CacheSaltFormula.Inputs(
                        model.name().value(),
                        model.revision(),
                        Optional.empty(),
                        options.cacheScope().scope(call.tenant(), parts.keys().tenantCount()),
                        fields.cacheSalt()));
        long number = sequence.incrementAndGet();
        for (int i = 0; i < job.choices().size(); i++) {
            PlannedChoice choice = job.choices().get(i);
            // A client may send one id twice at a time: the number keeps the engine's ids unique.
            RequestId id = new RequestId(call.requestId() + "#" + number + "." + i);
            requests.submit(
                    parts.backend(),
                    new EngineRequest(
                            id,
                            call.tenant(),
                            choice.prompt(),
                            salt,
                            choice.sampling(),
                            new StopConditions(
                                    choice.maxTokens(),
                                    fields.stop().tokenIds(),
                                    fields.stop().ignoreEos()),
                            fields.priority(),
                            deadline,
                            options.outputWindowTokens()));
        }
    }

    /** A timer that puts {@link Signal.KeepAliveDue} into the mailbox, once for each {@link #schedule}. Used by one thread. */
    private static final class KeepAlive implements AutoCloseable {
        private final Mailbox mailbox;
        private final EventLoop timers;
        private final long intervalNanos;
        private final boolean wanted;
        private Registration timer = () -> {};

        KeepAlive(Mailbox mailbox, EventLoop timers, Duration interval, boolean wanted) {
            this.mailbox = mailbox;
            this.timers = timers;
            this.intervalNanos = interval.toNanos();
            this.wanted = wanted;
        }

        void schedule() {
            if (wanted) {
                timer = timers.schedule(intervalNanos, () -> mailbox.put(new Signal.KeepAliveDue()));
            }
        }

        @Override
        public void close() {
            timer.close();
        }
    }
}
