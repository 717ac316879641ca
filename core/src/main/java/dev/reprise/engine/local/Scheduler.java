package dev.reprise.engine.local;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.reprise.engine.EngineError;
import dev.reprise.engine.EngineErrorCode;
import dev.reprise.engine.EngineLoad;
import dev.reprise.engine.FinishReason;
import dev.reprise.identity.RequestId;
import dev.reprise.kvcache.BlockPool;
import dev.reprise.kvcache.PrefixMatch;
import dev.reprise.runtime.Checks;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides what each step computes: continuous batching over a {@link BlockPool}.
 *
 * <p>Sequences stand in order of seniority: priority, then arrival. A step takes, in that order, one row of each
 * decoding sequence and as many rows of the prefilling ones as the token budget leaves, then admits waiting sequences
 * in order. A sequence is admitted when blocks for all its tokens can be had, beginning with those already cached.
 * When a growing sequence finds no block, the most junior one is preempted: its blocks are let go and its tokens are
 * computed again later. Sequences whose consumer is behind keep their blocks and get no rows; they are the first to be
 * preempted, also by an admission, so that a consumer that does not read cannot hold up the others.
 *
 * <p>The most senior sequence that may run is never preempted by another and one sequence always fits, so every step
 * with runnable work computes at least one row. Deterministic: the same calls give the same steps. One owner. Between
 * {@link #schedule} and {@link #complete} or {@link #fail} nothing else may be called.
 */
final class Scheduler {
    private final BatchOptions options;
    private final TokenLimits limits;
    private final BlockPool pool;

    private final Map<RequestId, Sequence> live = new HashMap<>();
    private final TreeSet<Sequence> waiting = new TreeSet<>(Sequence.SENIORITY);
    private final TreeSet<Sequence> running = new TreeSet<>(Sequence.SENIORITY);
    private long arrivals;
    private long steps;
    private long preemptions;

    Scheduler(BatchOptions options, TokenLimits limits, BlockPool pool) {
        this.options = options;
        this.limits = limits;
        this.pool = pool;
    }

    /** What a step did to one sequence. */
    record Progress(Sequence sequence, Choice choice, Optional<FinishReason> finish) {}

    /** A plan, and the sequences it takes up for the first time. Without runnable work there is no step. */
    record Plan(Optional<Step> step, List<Sequence> started) {}

    /** Queues the sequence, or says why not. */
    Optional<EngineError> submit(Sequence sequence) {
        Optional<EngineError> refusal = refusal(sequence);
        if (refusal.isEmpty()) {
            sequence.arrive(arrivals++);
            live.put(sequence.request().id(), sequence);
            waiting.add(sequence);
        }
        return refusal;
    }

    /** Ends the sequence and lets its blocks go. */
    void end(Sequence sequence) {
        order(sequence).remove(sequence);
        live.remove(sequence.request().id());
        sequence.end().ifPresent(pool::release);
    }

    void setPriority(Sequence sequence, int priority) {
        Set<Sequence> order = order(sequence);
        order.remove(sequence);
        sequence.setPriority(priority);
        order.add(sequence);
    }

    /** Every sequence that did not end, most senior first, running ones before waiting ones. */
    List<Sequence> live() {
        List<Sequence> all = new ArrayList<>(running);
        all.addAll(waiting);
        return all;
    }

    /** Whether no sequence is live. */
    boolean isIdle() {
        return live.isEmpty();
    }

    /** The earliest deadline of all, {@link Long#MAX_VALUE} when there is none. */
    long earliestDeadlineNanos() {
        long earliest = Long.MAX_VALUE;
        for (Sequence sequence : live.values()) {
            earliest = Math.min(earliest, sequence.request().deadline().atNanos());
        }
        return earliest;
    }

    /** Plans the next step. */
    Plan schedule() {
        List<Step.Chunk> chunks = new ArrayList<>();
        long preemptionsBefore = preemptions;
        List<Sequence> active = active();
        int budget = planRunning(active, chunks);
        List<Sequence> started = new ArrayList<>();
        if (preemptions == preemptionsBefore) {
            admit(budget, active.size(), chunks, started);
        }
        return new Plan(chunks.isEmpty() ? Optional.empty() : Optional.of(new Step(chunks)), started);
    }

    /** Books a computed step; {@code choices} has one token for each of its rows. */
    List<Progress> complete(Step step, List<Choice> choices) {
        Checks.check(
                choices.size() == step.rows().size(),
                "%d tokens for %d rows",
                choices.size(),
                step.rows().size());
        steps++;
        List<Progress> progress = new ArrayList<>(choices.size());
        for (Step.Chunk chunk : step.chunks()) {
            Sequence sequence = chunk.sequence();
            sequence.advance(chunk.rows());
            commitFullBlocks(sequence);
            if (chunk.wantsToken()) {
                progress.add(append(sequence, choices.get(progress.size())));
            }
        }
        return progress;
    }

    /** Ends the sequences of a step that could not be computed. None of the blocks it wrote is findable. */
    List<Sequence> fail(Step step) {
        List<Sequence> failed = new ArrayList<>();
        for (Step.Chunk chunk : step.chunks()) {
            end(chunk.sequence());
            failed.add(chunk.sequence());
        }
        return failed;
    }

    EngineLoad load(long nowNanos) {
        long queuedPrefillTokens = 0;
        for (Sequence sequence : live.values()) {
            queuedPrefillTokens += sequence.prefillTokens();
        }
        return new EngineLoad(
                nowNanos,
                running.size(),
                waiting.size(),
                queuedPrefillTokens,
                pool.options().totalBlocks(),
                pool.usedBlocks(),
                pool.cachedBlocks(),
                steps,
                preemptions);
    }

    private Optional<EngineError> refusal(Sequence sequence) {
        TokenIds prompt = sequence.request().prompt();
        if (live.containsKey(sequence.request().id())) {
            return refuse(
                    EngineErrorCode.INVALID_REQUEST,
                    "a request with id %s is running already; give every request its own id",
                    sequence.request().id());
        }
        if (prompt.size() + 1 > limits.maxSequenceTokens()) {
            return refuse(
                    EngineErrorCode.TOO_LONG,
                    "the prompt has %d tokens and the engine holds at most %d, one of them generated; shorten it",
                    prompt.size(),
                    limits.maxSequenceTokens());
        }
        for (int i = 0; i < prompt.size(); i++) {
            if (prompt.get(i) >= limits.vocabularySize()) {
                return refuse(
                        EngineErrorCode.INVALID_REQUEST,
                        "prompt token %d is %d, and the model's token ids are below %d",
                        i,
                        prompt.get(i),
                        limits.vocabularySize());
            }
        }
        if (waiting.size() >= options.maxWaitingRequests()) {
            return refuse(
                    EngineErrorCode.OVERLOADED,
                    "%d requests wait, the most that may; send it later or to another worker",
                    waiting.size());
        }
        return Optional.empty();
    }

    @FormatMethod
    private static Optional<EngineError> refuse(
            EngineErrorCode code, @FormatString String message, Object... arguments) {
        return Optional.of(new EngineError(code, message.formatted(arguments)));
    }

    /** The running sequences that may compute in this step. */
    private List<Sequence> active() {
        List<Sequence> active = new ArrayList<>();
        for (Sequence sequence : running) {
            if (!sequence.isPaused() && active.size() < options.maxNumSeqs()) {
                active.add(sequence);
            }
        }
        return active;
    }

    /** Plans rows of running sequences; gives back what is left of the budget. */
    private int planRunning(List<Sequence> active, List<Step.Chunk> chunks) {
        int budget = options.maxBatchTokens();
        int decodesToCome = 0;
        for (Sequence sequence : active) {
            decodesToCome += sequence.isDecoding() ? 1 : 0;
        }
        for (Sequence sequence : active) {
            if (sequence.phase() != Sequence.Phase.RUNNING) {
                continue;
            }
            decodesToCome -= sequence.isDecoding() ? 1 : 0;
            int rows = Math.min(sequence.uncomputed(), budget - decodesToCome);
            if (rows > 0 && makeRoom(sequence, sequence.computed() + rows)) {
                chunks.add(new Step.Chunk(sequence, sequence.segment(rows)));
                budget -= rows;
            }
        }
        return budget;
    }

    /** Gets blocks for {@code tokens} tokens of the sequence, or preempts it when its juniors' do not suffice. */
    @SuppressWarnings("ReferenceEquality") // a sequence is only ever itself
    private boolean makeRoom(Sequence sequence, int tokens) {
        int more =
                Math.max(0, pool.options().blocksFor(tokens) - sequence.table().size());
        while (!pool.canExtend(more)) {
            Sequence victim = newestPaused().orElseGet(running::last);
            preempt(victim);
            if (victim == sequence) {
                return false;
            }
        }
        pool.extend(sequence.table(), more);
        return true;
    }

    private void admit(int budgetTokens, int activeSequences, List<Step.Chunk> chunks, List<Sequence> started) {
        int budget = budgetTokens;
        int active = activeSequences;
        for (Sequence sequence : List.copyOf(waiting)) {
            if (sequence.isPaused()) {
                continue;
            }
            if (budget == 0 || active == options.maxNumSeqs()) {
                return;
            }
            Optional<PrefixMatch> match = room(sequence);
            if (match.isEmpty()) {
                return;
            }
            if (start(sequence, match.get())) {
                started.add(sequence);
            }
            int rows = Math.min(sequence.uncomputed(), budget);
            chunks.add(new Step.Chunk(sequence, sequence.segment(rows)));
            budget -= rows;
            active++;
        }
    }

    /** The cached beginning of the sequence, when blocks for the rest can be had with it. */
    private Optional<PrefixMatch> room(Sequence sequence) {
        TokenIds tokens = sequence.tokens(0, sequence.size());
        while (true) {
            PrefixMatch match = pool.match(tokens, sequence.request().salt());
            if (pool.canPin(match, blocksToAdd(sequence, match))) {
                return Optional.of(match);
            }
            Optional<Sequence> victim = newestPaused();
            if (victim.isEmpty()) {
                return Optional.empty();
            }
            preempt(victim.get());
        }
    }

    private int blocksToAdd(Sequence sequence, PrefixMatch match) {
        return pool.options().blocksFor(sequence.size()) - match.blocks().size();
    }

    private boolean start(Sequence sequence, PrefixMatch match) {
        int more = blocksToAdd(sequence, match);
        int hitTokens = match.blocks().size() * pool.options().blockSizeTokens();
        waiting.remove(sequence);
        boolean first = sequence.start(pool.pin(match), hitTokens);
        pool.extend(sequence.table(), more);
        running.add(sequence);
        return first;
    }

    private Optional<Sequence> newestPaused() {
        return running.descendingSet().stream().filter(Sequence::isPaused).findFirst();
    }

    private void preempt(Sequence victim) {
        preemptions++;
        running.remove(victim);
        pool.release(victim.preempt());
        waiting.add(victim);
    }

    private void commitFullBlocks(Sequence sequence) {
        int blockSize = pool.options().blockSizeTokens();
        int full = sequence.computed() / blockSize;
        for (int index = sequence.table().committed(); index < full; index++) {
            pool.commit(sequence.table(), sequence.tokens(index * blockSize, (index + 1) * blockSize));
        }
    }

    private Progress append(Sequence sequence, Choice choice) {
        sequence.append(choice.tokenId());
        Optional<FinishReason> finish = sequence.finished(limits);
        if (finish.isPresent()) {
            end(sequence);
        }
        return new Progress(sequence, choice, finish);
    }

    private Set<Sequence> order(Sequence sequence) {
        return switch (sequence.phase()) {
            case WAITING -> waiting;
            case RUNNING -> running;
            case ENDED -> throw new IllegalStateException(sequence.request().id() + " ended before");
        };
    }
}
