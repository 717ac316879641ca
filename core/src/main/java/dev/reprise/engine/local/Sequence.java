package dev.reprise.engine.local;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.FinishReason;
import dev.reprise.engine.TokenUsage;
import dev.reprise.engine.local.model.StepBatch;
import dev.reprise.kvcache.BlockTable;
import dev.reprise.runtime.Checks;
import dev.reprise.runtime.RandomSource;
import dev.reprise.tokens.TokenIds;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/**
 * One request's tokens and how far they are computed. Confined to the engine's owner.
 *
 * <p>Tokens [0, promptTokens) are the prompt, the rest was generated; KV of [0, computed) is in the block table. A
 * preempted sequence loses its table and keeps its tokens: they are computed again as one prompt.
 */
final class Sequence {
    enum Phase {
        WAITING,
        RUNNING,
        ENDED
    }

    /** Who goes first: the lower priority value, then who came first. */
    static final Comparator<Sequence> SENIORITY =
            Comparator.<Sequence>comparingInt(s -> s.priority).thenComparingLong(s -> s.arrival);

    private final EngineRequest request;
    private final LocalRequest handle;
    private long seed;
    private int[] tokens;
    private int size;
    private int computed;
    private Optional<BlockTable> table = Optional.empty();
    private Phase phase = Phase.WAITING;
    private int priority;
    private long arrival;
    private long acknowledged;
    private boolean started;
    private int cachedTokens;

    Sequence(EngineRequest request, LocalRequest handle) {
        this.request = request;
        this.handle = handle;
        this.priority = request.priority();
        this.tokens = request.prompt().toArray();
        this.size = tokens.length;
    }

    EngineRequest request() {
        return request;
    }

    LocalRequest handle() {
        return handle;
    }

    Phase phase() {
        return phase;
    }

    int size() {
        return size;
    }

    int computed() {
        return computed;
    }

    int uncomputed() {
        return size - computed;
    }

    int outputTokens() {
        return size - request.prompt().size();
    }

    int cachedTokens() {
        return cachedTokens;
    }

    BlockTable table() {
        return table.orElseThrow();
    }

    /** Whether one more row gives its next token and it has given one before. */
    boolean isDecoding() {
        return phase == Phase.RUNNING && uncomputed() == 1 && outputTokens() > 0;
    }

    /** Rows to compute before it decodes. */
    int prefillTokens() {
        return isDecoding() ? 0 : uncomputed();
    }

    /** Whether the consumer is so far behind that no more may be generated. */
    boolean isPaused() {
        return outputTokens() - acknowledged >= request.outputWindowTokens();
    }

    TokenIds tokens(int from, int to) {
        return TokenIds.copyOf(tokens, from, to);
    }

    TokenUsage usage() {
        return new TokenUsage(request.prompt().size(), cachedTokens, outputTokens());
    }

    Step.Row nextRow() {
        return new Step.Row(request, seed, outputTokens());
    }

    StepBatch.Segment segment(int rows) {
        int[] part = Arrays.copyOfRange(tokens, computed, computed + rows);
        return new StepBatch.Segment(part, computed, table().toArray(), rows == uncomputed() ? 1 : 0);
    }

    /** Takes the request's seed, or draws one. */
    void drawSeed(RandomSource random) {
        seed = request.sampling().seed().orElseGet(random::nextLong);
    }

    void arrive(long order) {
        arrival = order;
    }

    void setPriority(int value) {
        priority = value;
    }

    void setAcknowledged(long total) {
        acknowledged = total;
    }

    /** Takes its blocks; says whether that is the first time. */
    boolean start(BlockTable blocks, int hitTokens) {
        Checks.check(phase == Phase.WAITING, "%s starts while %s", request.id(), phase);
        phase = Phase.RUNNING;
        table = Optional.of(blocks);
        computed = hitTokens;
        boolean first = !started;
        if (first) {
            started = true;
            cachedTokens = hitTokens;
        }
        return first;
    }

    BlockTable preempt() {
        Checks.check(phase == Phase.RUNNING, "%s is preempted while %s", request.id(), phase);
        phase = Phase.WAITING;
        computed = 0;
        return takeTable();
    }

    /** Ends; gives back its blocks when it held any. */
    Optional<BlockTable> end() {
        Optional<BlockTable> held = phase == Phase.RUNNING ? Optional.of(takeTable()) : Optional.empty();
        phase = Phase.ENDED;
        return held;
    }

    void advance(int rows) {
        computed += rows;
        Checks.check(computed <= size, "%s computed %d of %d tokens", request.id(), computed, size);
    }

    void append(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size);
        }
        tokens[size++] = token;
    }

    /** Why it ends after its newest token, when it does. */
    Optional<FinishReason> finished(TokenLimits limits) {
        int last = tokens[size - 1];
        boolean eos = !request.stop().ignoreEos() && limits.eosTokenIds().contains(last);
        if (eos || request.stop().stopTokenIds().contains(last)) {
            return Optional.of(FinishReason.STOP);
        }
        boolean full = outputTokens() >= request.stop().maxTokens() || size >= limits.maxSequenceTokens();
        return full ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }

    private BlockTable takeTable() {
        BlockTable taken = table();
        table = Optional.empty();
        return taken;
    }
}
