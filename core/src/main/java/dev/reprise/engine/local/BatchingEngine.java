package dev.reprise.engine.local;

import dev.reprise.engine.Engine;
import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.EngineError;
import dev.reprise.engine.EngineErrorCode;
import dev.reprise.engine.EngineHealth;
import dev.reprise.engine.EngineLoad;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.FinishReason;
import dev.reprise.engine.KvEvent;
import dev.reprise.engine.KvEventListener;
import dev.reprise.engine.KvExportRequest;
import dev.reprise.engine.KvExportResult;
import dev.reprise.engine.KvImportRequest;
import dev.reprise.engine.KvImportResult;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.TokenEvent;
import dev.reprise.engine.TokenSink;
import dev.reprise.kvcache.BlockPool;
import dev.reprise.kvcache.BlockPoolOptions;
import dev.reprise.kvcache.LruEviction;
import dev.reprise.kvcache.SequenceHasher;
import dev.reprise.runtime.Checks;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.Registration;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The engine port over a {@link Scheduler} and a {@link BlockPool}, without an opinion on who computes and when. That
 * is the subclass's: it is the <i>owner</i>, told by {@link #wake} that there may be work, and repeats
 * {@link #beginStep}, its computation, {@link #completeStep} or {@link #failStep}.
 *
 * <p>Threading: port methods may be called from any thread; they leave commands in an inbox. The protected methods are
 * the owner's, one at a time; between {@code beginStep} and the step's end no other. Load and health are immutable
 * values behind volatile fields.
 *
 * <p>Bounds. A request counts from its submission until its end was delivered on the loop; a submission beyond
 * {@code maxWaitingRequests + totalBlocks} of them is refused as overloaded. So are transfers beyond
 * {@value #MAX_TRANSFERS}. These refusals are calls on the loop themselves: when {@value #MAX_REFUSALS} of them wait
 * for a loop that does not get to them, or engine and loop are both closed, the method throws
 * {@link RejectedExecutionException} and accepted nothing. What was accepted is answered: calls that the loop rejects
 * while it is full are kept and posted again. An engine must be closed before its loop.
 */
public abstract class BatchingEngine implements Engine {
    private static final int MAX_TRANSFERS = 16;
    private static final int MAX_REFUSALS = 1024;
    private static final int MAX_SUBSCRIBERS = 64;
    private static final long RETRY_NANOS = 1_000_000;

    private final EngineDescription description;
    private final BatchOptions options;
    private final EventLoop loop;
    private final Inbox inbox = new Inbox();
    private final Outbox outbox;
    private final int maxRequests;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger transfers = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger subscribers = new AtomicInteger();
    private volatile EngineHealth health = new EngineHealth.Healthy();
    private volatile EngineLoad load;

    // The owner's alone.
    private final RandomSource random;
    private final BlockPool pool;
    private final Scheduler scheduler;
    private final KvEventFeed feed;
    private final BlockTransfer transfer;
    private final ArrayDeque<Command> commands = new ArrayDeque<>();
    private final List<Runnable> calls = new ArrayList<>();
    /** Whose end was not told yet; the scheduler may have let go of some already. */
    private final Set<Sequence> owed = new LinkedHashSet<>();

    private Optional<EngineError> ended = Optional.empty();
    private int failedSteps;
    private boolean idle = true;
    private boolean delivered = true;

    /**
     * An idle engine.
     *
     * @param bytes what lies behind the block ids
     * @param loop where sinks, listeners and result consumers are called
     * @param random draws the epoch and the seeds of requests without one
     */
    protected BatchingEngine(EngineSetup setup, BlockBytes bytes, EventLoop loop, RandomSource random) {
        this.description = setup.description();
        this.options = setup.batching();
        this.loop = loop;
        this.random = random;
        this.outbox = new Outbox(loop);
        this.feed = new KvEventFeed(description.worker(), random.nextLong() >>> 1, outbox::add);
        int blockSize = description.blockSizeTokens();
        this.pool = new BlockPool(
                new BlockPoolOptions(description.totalBlocks(), blockSize, options.prefixCaching()),
                SequenceHasher.ofTokens(blockSize),
                new LruEviction(),
                feed::add);
        this.scheduler = new Scheduler(options, setup.limits(), pool);
        this.transfer = new BlockTransfer(pool, bytes, description.fingerprint());
        this.maxRequests = options.maxWaitingRequests() + description.totalBlocks();
        this.load = scheduler.load(loop.clock().nanos());
    }

    @Override
    public final EngineDescription description() {
        return description;
    }

    @Override
    public final EngineLoad load() {
        return load;
    }

    @Override
    public final EngineHealth health() {
        return health;
    }

    @Override
    public final RequestHandle submit(EngineRequest request, TokenSink sink) {
        LocalRequest handle = new LocalRequest(request, sink, this::update);
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            handle.ended();
            EngineError error = new EngineError(
                    EngineErrorCode.OVERLOADED,
                    "%d requests are open, the most that may be; send it later or to another worker"
                            .formatted(maxRequests));
            answer(() -> sink.onEvent(new TokenEvent.Failed(error)));
        } else if (!offer(new Command.Submit(handle))) {
            requests.decrementAndGet();
            handle.ended();
            loop.execute(() -> sink.onEvent(new TokenEvent.Failed(shutdownError())));
        }
        return handle;
    }

    @Override
    public final Registration subscribe(KvEventListener listener) {
        if (subscribers.incrementAndGet() > MAX_SUBSCRIBERS) {
            subscribers.decrementAndGet();
            throw new IllegalStateException(
                    "%d KV event listeners subscribed, the most that may".formatted(MAX_SUBSCRIBERS));
        }
        KvEventFeed.Subscriber subscriber = new KvEventFeed.Subscriber(listener);
        offer(new Command.Subscribe(subscriber));
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                subscriber.close();
                subscribers.decrementAndGet();
                offer(new Command.Unsubscribe(subscriber));
            }
        };
    }

    @Override
    public final void exportBlocks(KvExportRequest request, Consumer<KvExportResult> result) {
        transfer(new Command.Export(request, result), reason -> result.accept(new KvExportResult.Refused(reason)));
    }

    @Override
    public final void importBlocks(KvImportRequest request, Consumer<KvImportResult> result) {
        transfer(new Command.Import(request, result), reason -> result.accept(new KvImportResult.Refused(reason)));
    }

    /** Tells the owner that there may be work. Any thread calls; must not block. */
    protected abstract void wake();

    /** Takes commands and plans the next step; empty when there is nothing to compute. */
    protected final Optional<Step> beginStep() {
        takeCommands();
        if (ended.isPresent()) {
            publish();
            return Optional.empty();
        }
        expire(loop.clock().nanos());
        Scheduler.Plan plan = scheduler.schedule();
        for (Sequence sequence : plan.started()) {
            tell(sequence, new TokenEvent.Started(sequence.cachedTokens()));
        }
        checkWhenIdle();
        publish();
        return plan.step();
    }

    /** Ends a step that was computed; {@code choices} has one token for each of its rows. */
    protected final void completeStep(Step step, List<Choice> choices) {
        failedSteps = 0;
        for (Scheduler.Progress progress : scheduler.complete(step, choices)) {
            Choice choice = progress.choice();
            Sequence sequence = progress.sequence();
            tell(
                    sequence,
                    new TokenEvent.Generated(
                            TokenIds.of(choice.tokenId()),
                            choice.logprobs().stream().toList()));
            progress.finish().ifPresent(reason -> finish(sequence, reason));
        }
        publish();
    }

    /** Ends a step that could not be computed: its requests fail, and after too many in a row all do. */
    protected final void failStep(Step step, String reason) {
        failedSteps++;
        EngineError error = new EngineError(
                EngineErrorCode.COMPUTE_FAILED, "a step with this request could not be computed: " + reason);
        for (Sequence sequence : scheduler.fail(step)) {
            end(sequence, new TokenEvent.Failed(error));
        }
        if (failedSteps >= options.maxFailedSteps()) {
            breakDown("%d steps in a row could not be computed, the last: %s".formatted(failedSteps, reason));
        }
        publish();
    }

    /** The engine can serve no more: all requests fail, and later ones are refused. */
    protected final void breakDown(String reason) {
        health = new EngineHealth.Unhealthy(reason);
        String message = "the engine is unhealthy and must be restarted: " + reason;
        endAll(new EngineError(EngineErrorCode.COMPUTE_FAILED, message));
    }

    /** Accepts no more commands. Any thread. */
    protected final void closeInbox() {
        inbox.close();
    }

    /** Whether {@link #closeInbox} was called. Any thread. */
    protected final boolean isClosing() {
        return inbox.isClosed();
    }

    /** The owner's last call: answers what was accepted; running requests fail. */
    protected final void shutDown() {
        health = new EngineHealth.Unhealthy("the engine is closed");
        endAll(shutdownError());
        takeCommands();
        publish();
    }

    /** Posts what the loop rejected; false when it still does. Any thread, after {@link #shutDown}. */
    protected final boolean settle() {
        return outbox.flush();
    }

    /** How long the owner may rest while no command comes, nanoseconds: until a deadline passes or the loop has room. */
    protected final long restNanos() {
        long untilDeadline = Long.MAX_VALUE;
        long earliest = scheduler.earliestDeadlineNanos();
        if (ended.isEmpty() && earliest != Long.MAX_VALUE) {
            untilDeadline = Math.max(0, earliest - loop.clock().nanos());
        }
        return delivered ? untilDeadline : Math.min(RETRY_NANOS, untilDeadline);
    }

    /** Waits for a command, at most {@link #restNanos}. For owners that are threads. */
    protected final void awaitCommand() throws InterruptedException {
        inbox.await(restNanos());
    }

    private void update(LocalRequest request) {
        offer(new Command.Update(request));
    }

    private boolean offer(Command command) {
        boolean accepted = inbox.offer(command);
        if (accepted) {
            wake();
        }
        return accepted;
    }

    /** Has {@code call} run on the loop, without the owner's state. */
    private void answer(Runnable call) {
        if (refusals.incrementAndGet() > MAX_REFUSALS) {
            refusals.decrementAndGet();
            throw new RejectedExecutionException(
                    "%d refusals wait for the event loop of %s".formatted(MAX_REFUSALS, description.worker()));
        }
        Runnable counted = () -> {
            refusals.decrementAndGet();
            call.run();
        };
        if (!offer(new Command.Answer(counted))) {
            loop.execute(counted);
        }
    }

    private void transfer(Command command, Consumer<String> refuse) {
        if (transfers.incrementAndGet() > MAX_TRANSFERS) {
            transfers.decrementAndGet();
            answer(() -> refuse.accept("%d transfers are under way, the most that may be".formatted(MAX_TRANSFERS)));
        } else if (!offer(command)) {
            transfers.decrementAndGet();
            loop.execute(() -> refuse.accept(shutdownError().message()));
        }
    }

    private void takeCommands() {
        commands.addAll(inbox.takeAll());
        while (!commands.isEmpty()) {
            Command command = commands.remove();
            if (ended.isPresent()) {
                refuse(command, ended.get());
                continue;
            }
            try {
                apply(command);
            } catch (Throwable t) {
                // The engine breaks down, and must not owe this command its answer.
                refuse(command, new EngineError(EngineErrorCode.COMPUTE_FAILED, "the engine broke down: " + t));
                throw t;
            }
        }
    }

    private void apply(Command command) {
        switch (command) {
            case Command.Submit(var request) -> submit(request.sequence());
            case Command.Update(var request) -> update(request, request.sequence());
            case Command.Answer(var call) -> calls.add(call);
            case Command.Subscribe(var subscriber) -> feed.subscribe(subscriber, pool.snapshot());
            case Command.Unsubscribe(var subscriber) -> feed.unsubscribe(subscriber);
            case Command.Export(var request, var result) -> deliver(result, transfer.export(request));
            case Command.Import(var request, var result) -> deliver(result, transfer.take(request));
        }
    }

    private void refuse(Command command, EngineError error) {
        switch (command) {
            case Command.Submit(var request) -> end(request.sequence(), new TokenEvent.Failed(error));
            case Command.Update _, Command.Subscribe _, Command.Unsubscribe _ -> {}
            case Command.Answer(var call) -> calls.add(call);
            case Command.Export export -> deliver(export.result(), new KvExportResult.Refused(error.message()));
            case Command.Import offered -> deliver(offered.result(), new KvImportResult.Refused(error.message()));
        }
    }

    private void submit(Sequence sequence) {
        owed.add(sequence);
        sequence.drawSeed(random);
        scheduler.submit(sequence).ifPresent(error -> end(sequence, new TokenEvent.Failed(error)));
    }

    private void update(LocalRequest request, Sequence sequence) {
        request.updateTaken();
        if (request.hasEnded()) {
            return;
        }
        if (request.cancelled()) {
            scheduler.end(sequence);
            finish(sequence, FinishReason.CANCELLED);
            return;
        }
        sequence.setAcknowledged(request.acknowledged());
        scheduler.setPriority(sequence, request.priority());
    }

    private <T> void deliver(Consumer<T> result, T value) {
        calls.add(() -> {
            transfers.decrementAndGet();
            result.accept(value);
        });
    }

    private void expire(long nowNanos) {
        for (Sequence sequence : scheduler.live()) {
            if (sequence.request().deadline().isPast(nowNanos)) {
                scheduler.end(sequence);
                String message = "the deadline passed after %d of at most %d output tokens; allow more time"
                        .formatted(
                                sequence.outputTokens(),
                                sequence.request().stop().maxTokens());
                end(sequence, new TokenEvent.Failed(new EngineError(EngineErrorCode.DEADLINE_EXCEEDED, message)));
            }
        }
    }

    private void tell(Sequence sequence, TokenEvent event) {
        TokenSink sink = sequence.handle().sink();
        calls.add(() -> sink.onEvent(event));
    }

    private void finish(Sequence sequence, FinishReason reason) {
        end(sequence, new TokenEvent.Finished(reason, sequence.usage()));
    }

    /** Tells the sequence's last event, once. */
    private void end(Sequence sequence, TokenEvent event) {
        LocalRequest handle = sequence.handle();
        if (handle.hasEnded()) {
            return;
        }
        handle.ended();
        owed.remove(sequence);
        calls.add(() -> {
            requests.decrementAndGet();
            handle.sink().onEvent(event);
        });
    }

    private void endAll(EngineError error) {
        if (ended.isPresent()) {
            return;
        }
        ended = Optional.of(error);
        for (Sequence sequence : List.copyOf(owed)) {
            end(sequence, new TokenEvent.Failed(error));
        }
        try {
            scheduler.live().forEach(scheduler::end);
            pool.clear();
        } catch (RuntimeException e) {
            // Who holds what is unknown, and does not matter: nothing is computed or reused any more.
            feed.add(new KvEvent.AllBlocksCleared());
        }
    }

    /** Nobody runs, so nobody may hold a block: a leak is found here and not when the pool is empty. */
    private void checkWhenIdle() {
        boolean idleNow = scheduler.isIdle();
        if (idleNow && !idle) {
            Checks.check(pool.usedBlocks() == 0, "no request is live and %d blocks are held", pool.usedBlocks());
            pool.checkIntegrity();
        }
        idle = idleNow;
    }

    /** Load first, then KV events, then what requests are told: who hears of an end sees its effect. */
    private void publish() {
        load = scheduler.load(loop.clock().nanos());
        feed.flush();
        calls.forEach(outbox::add);
        calls.clear();
        delivered = outbox.flush();
    }

    private EngineError shutdownError() {
        return new EngineError(
                EngineErrorCode.SHUTDOWN, "engine %s is closed; use another worker".formatted(description.worker()));
    }
}
