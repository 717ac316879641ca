package dev.reprise.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.FinishReason;
import dev.reprise.engine.SamplingOptions;
import dev.reprise.engine.StopConditions;
import dev.reprise.engine.local.model.StepBatch;
import dev.reprise.identity.RequestId;
import dev.reprise.identity.TenantId;
import dev.reprise.kvcache.BlockPool;
import dev.reprise.kvcache.BlockPoolOptions;
import dev.reprise.kvcache.LruEviction;
import dev.reprise.kvcache.SequenceHasher;
import dev.reprise.runtime.Deadline;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What goes into each step. Blocks have 4 tokens. */
class SchedulerTest {
    private BlockPool pool;
    private Scheduler scheduler;
    private int names;

    @Test
    void aLongPromptIsCutByTheBudgetAndOnlyItsEndWantsLogits() {
        make(32, 8, 4);
        submit(20, 2);
        assertThat(rows(step())).containsExactly("0+8");
        assertThat(rows(step())).containsExactly("8+8");
        assertThat(rows(step())).containsExactly("16+4!");
        assertThat(rows(step())).containsExactly("20+1!");
        assertThat(scheduler.isIdle()).isTrue();
    }

    @Test
    void decodingRowsComeFirstAndPrefillTakesTheRest() {
        make(64, 8, 4);
        submit(2, 20);
        submit(3, 20);
        step();
        Sequence urgent = submit(20, 2);
        scheduler.setPriority(urgent, -1);
        assertThat(rows(step())).containsExactly("2+1!", "3+1!", "0+6");
        assertThat(rows(step()))
                .as("seniority orders the rows, decoding ones keep theirs")
                .containsExactly("6+6", "3+1!", "4+1!");
    }

    @Test
    void noMoreSequencesThanAllowedAreComputedAtOnce() {
        make(64, 8, 2);
        for (int i = 0; i < 4; i++) {
            submit(2, 3);
        }
        assertThat(rows(step())).hasSize(2);
        assertThat(rows(step())).hasSize(2);
    }

    @Test
    void aCachedBeginningIsNotComputedAgain() {
        make(32, 16, 4);
        submit(13, 1);
        step();
        submit(15, 1);
        assertThat(rows(step())).containsExactly("12+3!");
    }

    @Test
    void theNewestGivesWayAndIsComputedAgain() {
        make(5, 16, 4);
        Sequence old = submit(8, 20);
        Sequence young = submit(7, 20);
        assertThat(rows(step())).containsExactly("0+8!", "0+7!");
        assertThat(rows(step())).containsExactly("8+1!", "7+1!");
        for (int i = 0; i < 4; i++) {
            step();
        }
        assertThat(old.phase()).isEqualTo(Sequence.Phase.RUNNING);
        assertThat(young.phase()).isEqualTo(Sequence.Phase.WAITING);
        assertThat(scheduler.load(0).preemptions()).isEqualTo(1);
        finishAll(60);
        assertThat(old.outputTokens()).isEqualTo(12);
        assertThat(young.outputTokens()).as("as much as all blocks hold").isEqualTo(13);
        assertThat(pool.usedBlocks()).isZero();
        pool.checkIntegrity();
    }

    @Test
    void whoWaitsLongestIsNotOvertaken() {
        make(6, 32, 4);
        submit(10, 6);
        step();
        Sequence big = submit(22, 1);
        Sequence small = submit(2, 1);
        assertThat(rows(step())).hasSize(1);
        assertThat(List.of(big.phase(), small.phase())).containsOnly(Sequence.Phase.WAITING);
        finishAll(20);
        assertThat(big.phase()).isEqualTo(Sequence.Phase.ENDED);
        assertThat(small.phase()).isEqualTo(Sequence.Phase.ENDED);
    }

    @Test
    void endOfSequenceStopsUnlessIgnored() {
        make(32, 16, 4);
        submit(3, 9);
        Step step = scheduler.schedule().step().orElseThrow();
        List<Scheduler.Progress> progress = scheduler.complete(step, List.of(new Choice(2, Optional.empty())));
        assertThat(progress.getFirst().finish()).contains(FinishReason.STOP);
        Sequence ignoring = submit(3, 9, true);
        Step next = scheduler.schedule().step().orElseThrow();
        assertThat(scheduler
                        .complete(next, List.of(new Choice(2, Optional.empty())))
                        .getFirst()
                        .finish())
                .isEmpty();
        assertThat(ignoring.phase()).isEqualTo(Sequence.Phase.RUNNING);
    }

    @Test
    void loadCountsWhatIsStillToCompute() {
        make(32, 8, 4);
        submit(20, 4);
        submit(5, 4);
        assertThat(scheduler.load(7).queuedPrefillTokens()).isEqualTo(25);
        step();
        assertThat(scheduler.load(7).queuedPrefillTokens()).isEqualTo(17);
        assertThat(scheduler.load(7).runningRequests()).isEqualTo(1);
        assertThat(scheduler.load(7).waitingRequests()).isEqualTo(1);
        assertThat(scheduler.load(7).takenAtNanos()).isEqualTo(7);
    }

    private void make(int totalBlocks, int maxBatchTokens, int maxNumSeqs) {
        pool = new BlockPool(
                new BlockPoolOptions(totalBlocks, 4, true), SequenceHasher.ofTokens(4), new LruEviction(), _ -> {});
        scheduler = new Scheduler(
                new BatchOptions(maxBatchTokens, maxNumSeqs, 100, true, 3),
                new TokenLimits(100, totalBlocks * 4, Set.of(2)),
                pool);
    }

    private Sequence submit(int promptTokens, int maxTokens) {
        return submit(promptTokens, maxTokens, false);
    }

    private Sequence submit(int promptTokens, int maxTokens, boolean ignoreEos) {
        int[] prompt = new int[promptTokens];
        for (int i = 0; i < promptTokens; i++) {
            prompt[i] = 10 + i;
        }
        EngineRequest request = new EngineRequest(
                new RequestId("r" + names++),
                TenantId.ANONYMOUS,
                TokenIds.of(prompt),
                new CacheSalt(1, 2),
                SamplingOptions.GREEDY,
                new StopConditions(maxTokens, Set.of(), ignoreEos),
                0,
                Deadline.NONE,
                100);
        Sequence sequence = new LocalRequest(request, _ -> {}, _ -> {}).sequence();
        assertThat(scheduler.submit(sequence)).isEmpty();
        return sequence;
    }

    private Step step() {
        Step step = scheduler.schedule().step().orElseThrow();
        List<Choice> choices = new ArrayList<>();
        step.rows().forEach(row -> choices.add(new Choice(50 + row.outputIndex(), Optional.empty())));
        scheduler.complete(step, choices);
        return step;
    }

    private void finishAll(int maxSteps) {
        for (int i = 0; !scheduler.isIdle(); i++) {
            assertThat(i).isLessThan(maxSteps);
            step();
        }
    }

    /** Each segment as start+rows, with a ! when it wants logits. */
    private static List<String> rows(Step step) {
        return step.batch().segments().stream().map(SchedulerTest::row).toList();
    }

    private static String row(StepBatch.Segment segment) {
        return segment.startPosition() + "+" + segment.tokens().length + (segment.logitRows() == 1 ? "!" : "");
    }
}
