package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.local.BatchOptions;
import dev.reprise.identity.RequestId;
import dev.reprise.identity.TenantId;
import dev.reprise.runtime.Deadline;
import dev.reprise.runtime.InvariantViolation;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.Registration;
import dev.reprise.testing.TestScale;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every engine keeps, whatever computes behind it. A subclass says how to make one. */
public abstract class EngineContractTest {
    private static final CacheSalt SALT = new CacheSalt(1, 2);
    private static final CacheSalt OTHER_SALT = new CacheSalt(3, 4);
    private static final BatchOptions BATCHING = new BatchOptions(16, 4, 64, true, 3);

    private final List<EngineHarness> harnesses = new ArrayList<>();
    private final List<RecordingSink> sinks = new ArrayList<>();
    private int names;

    /** An engine whose token ids reach at least to 30 and whose context is at least 64 quarters of a block. */
    protected abstract EngineHarness open(EngineHarness.Shape shape) throws Exception;

    /** A quarter of a block, tokens: the unit in which prompts are measured here. */
    protected int quarter() {
        return 1;
    }

    @AfterEach
    void everyRequestEndedOnceAndNothingIsLeft() {
        for (EngineHarness harness : harnesses) {
            harness.close();
        }
        for (RecordingSink sink : sinks) {
            assertThat(sink.faults()).isEmpty();
            assertThat(sink.hasEnded()).as("ended: %s", sink.events()).isTrue();
        }
    }

    @Test
    void aRequestStartsGeneratesAndFinishes() {
        EngineHarness harness = make(32);
        RecordingSink sink = submit(harness, request(prompt(10), 5));
        harness.await(sink::hasEnded);
        assertThat(sink.events().getFirst()).isEqualTo(new TokenEvent.Started(0));
        assertThat(sink.tokens()).hasSize(5);
        assertThat(sink.finished())
                .contains(new TokenEvent.Finished(FinishReason.LENGTH, new TokenUsage(10 * quarter(), 0, 5)));
        assertNothingHeld(harness);
    }

    @Test
    void aSeededRequestIsTheSameEveryTimeAndLogprobsComeWithEveryToken() {
        EngineHarness harness = make(32);
        SamplingOptions sampling = new SamplingOptions(1.5, 0.95, 0, OptionalLong.of(7), OptionalInt.of(3));
        RecordingSink first = submit(harness, sampled(request(prompt(10), 8), sampling));
        harness.await(first::hasEnded);
        RecordingSink second = submit(harness, sampled(request(prompt(10), 8), sampling));
        harness.await(second::hasEnded);
        assertThat(second.tokens()).isEqualTo(first.tokens());
        if (!harness.engine().description().capabilities().contains(EngineCapability.LOGPROBS)) {
            return;
        }
        for (TokenEvent event : first.events()) {
            if (event instanceof TokenEvent.Generated(var tokens, var logprobs)) {
                assertThat(logprobs).hasSize(tokens.size());
                assertThat(logprobs.getFirst().chosen().tokenId()).isEqualTo(tokens.get(0));
                assertThat(logprobs.getFirst().top()).hasSize(3);
            }
        }
    }

    @Test
    void aStopTokenEndsTheRequestAndIsReported() {
        List<Integer> free = alone(request(prompt(10), 6));
        EngineHarness harness = make(32);
        int stop = free.get(3);
        EngineRequest stopping = with(request(prompt(10), 6), new StopConditions(6, Set.of(stop), true));
        RecordingSink sink = submit(harness, stopping);
        harness.await(sink::hasEnded);
        assertThat(sink.tokens()).isEqualTo(free.subList(0, free.indexOf(stop) + 1));
        assertThat(sink.finished().orElseThrow().reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void theSamePromptAgainIsTakenFromTheCache() {
        EngineHarness harness = make(32);
        RecordingSink first = submit(harness, request(prompt(13), 4));
        harness.await(first::hasEnded);
        RecordingSink second = submit(harness, request(prompt(13), 4));
        RecordingSink other = submit(harness, salted(request(prompt(13), 4), OTHER_SALT));
        harness.await(() -> second.hasEnded() && other.hasEnded());
        assertThat(second.cachedTokens()).isEqualTo(12 * quarter());
        assertThat(other.cachedTokens()).as("another salt").isZero();
        assertThat(second.tokens()).isEqualTo(first.tokens()).isEqualTo(other.tokens());
        assertThat(second.finished().orElseThrow().usage())
                .isEqualTo(new TokenUsage(13 * quarter(), 12 * quarter(), 4));
    }

    @Test
    void aPromptOfFullBlocksStillComputesItsLast() {
        EngineHarness harness = make(32);
        RecordingSink first = submit(harness, request(prompt(12), 4));
        harness.await(first::hasEnded);
        RecordingSink second = submit(harness, request(prompt(12), 4));
        harness.await(second::hasEnded);
        assertThat(second.cachedTokens()).isEqualTo(8 * quarter());
        assertThat(second.tokens()).isEqualTo(first.tokens());
    }

    @Test
    void withoutPrefixCachingNothingIsReused() {
        EngineHarness harness = make(new EngineHarness.Shape(32, 4 * quarter(), new BatchOptions(16, 4, 64, false, 3)));
        RecordingSink first = submit(harness, request(prompt(13), 4));
        harness.await(first::hasEnded);
        RecordingSink second = submit(harness, request(prompt(13), 4));
        harness.await(second::hasEnded);
        assertThat(second.cachedTokens()).isZero();
        assertThat(second.tokens()).isEqualTo(first.tokens());
        assertThat(harness.engine().load().cachedBlocks()).isZero();
    }

    @Test
    void aCrowdThatDoesNotFitIsPreemptedAndAnswersTheSame() {
        List<EngineRequest> requests = new ArrayList<>();
        List<List<Integer>> expected = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            requests.add(request(prompt(5 + 3 * i), 12 * quarter()));
            expected.add(alone(requests.get(i)));
        }
        EngineHarness harness = make(10);
        harness.hold();
        List<RecordingSink> crowd =
                requests.stream().map(request -> submit(harness, request)).toList();
        harness.resume();
        harness.await(() -> crowd.stream().allMatch(RecordingSink::hasEnded));
        assertThat(crowd.stream().map(RecordingSink::tokens)).containsExactlyElementsOf(expected);
        assertThat(harness.engine().load().preemptions()).isPositive();
        assertNothingHeld(harness);
    }

    @Test
    void cancelEndsARequestAtEveryPoint() {
        EngineHarness harness = make(32);
        for (int tokens = -1; tokens < 7; tokens++) {
            int after = tokens;
            RecordingSink sink = sink(harness);
            RequestHandle handle = harness.engine().submit(request(prompt(20), 6), sink);
            harness.await(() -> after < 0 || sink.tokens().size() >= after || sink.hasEnded());
            handle.cancel();
            harness.await(sink::hasEnded);
            handle.cancel();
            FinishReason reason = sink.finished().orElseThrow().reason();
            assertThat(reason).isIn(FinishReason.CANCELLED, FinishReason.LENGTH);
            assertThat(sink.tokens()).hasSizeLessThanOrEqualTo(6);
            assertNothingHeld(harness);
        }
    }

    @Test
    void anUnreadRequestPausesAndOthersGoOn() {
        EngineHarness harness = make(32);
        List<Integer> expected = alone(request(prompt(9), 10));
        RecordingSink slow = sink(harness);
        RequestHandle handle = harness.engine().submit(windowed(request(prompt(9), 10), 3), slow);
        RecordingSink other = submit(harness, request(prompt(7), 20));
        harness.await(other::hasEnded);
        assertThat(slow.tokens()).hasSize(3);
        assertThat(harness.engine().load().usedBlocks())
                .as("it keeps its blocks")
                .isPositive();
        handle.acknowledge(2);
        RecordingSink another = submit(harness, request(prompt(8), 20));
        harness.await(another::hasEnded);
        assertThat(slow.tokens()).hasSize(5);
        handle.acknowledge(100);
        harness.await(slow::hasEnded);
        assertThat(slow.tokens()).isEqualTo(expected);
    }

    @Test
    void manyUnreadRequestsDoNotHoldUpTheRest() {
        EngineHarness harness = make(12);
        List<RecordingSink> slow = new ArrayList<>();
        List<RequestHandle> handles = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RecordingSink sink = sink(harness);
            slow.add(sink);
            handles.add(harness.engine().submit(windowed(request(prompt(10 + i), 4), 1), sink));
        }
        RecordingSink other = submit(harness, request(prompt(30), 10));
        harness.await(other::hasEnded);
        assertThat(other.finished()).isPresent();
        assertThat(slow).allMatch(sink -> sink.tokens().size() <= 1);
        handles.forEach(handle -> handle.acknowledge(10));
        harness.await(() -> slow.stream().allMatch(RecordingSink::hasEnded));
        assertThat(slow).allMatch(sink -> sink.tokens().size() == 4);
        assertNothingHeld(harness);
    }

    @Test
    void aDeadlineEndsARequestThatRunsOrWaits() {
        EngineHarness harness = make(32);
        Deadline soon = Deadline.after(harness.loop().clock(), Duration.ofMillis(50));
        RecordingSink paused = submit(harness, windowed(due(request(prompt(9), 10), soon), 1));
        Deadline past = new Deadline(harness.loop().clock().nanos() - 1);
        RecordingSink late = submit(harness, due(request(prompt(9), 10), past));
        harness.await(() -> paused.hasEnded() && late.hasEnded());
        assertThat(paused.failure()).contains(EngineErrorCode.DEADLINE_EXCEEDED);
        assertThat(late.failure()).contains(EngineErrorCode.DEADLINE_EXCEEDED);
        assertNothingHeld(harness);
    }

    @Test
    void beyondItsQueueTheEngineIsOverloaded() {
        EngineHarness harness = make(new EngineHarness.Shape(8, 4 * quarter(), new BatchOptions(4, 1, 2, true, 3)));
        harness.hold();
        List<RecordingSink> crowd = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            crowd.add(submit(harness, request(prompt(6), 2)));
        }
        harness.resume();
        harness.await(() -> crowd.stream().allMatch(RecordingSink::hasEnded));
        assertThat(crowd)
                .allMatch(sink ->
                        sink.finished().isPresent() || sink.failure().equals(Optional.of(EngineErrorCode.OVERLOADED)));
        assertThat(crowd).filteredOn(sink -> sink.finished().isPresent()).hasSizeBetween(1, 4);
        RecordingSink later = submit(harness, request(prompt(6), 2));
        harness.await(later::hasEnded);
        assertThat(later.finished()).isPresent();
    }

    @Test
    void badRequestsAreRefusedByName() {
        EngineHarness harness = make(8);
        int vocabulary = harness.engine().description().vocabularySize();
        RecordingSink foreign = submit(harness, request(TokenIds.of(1, 2, vocabulary), 4));
        RecordingSink tooLong = submit(harness, request(tokens(32 * quarter()), 4));
        RecordingSink fits = submit(harness, request(tokens(32 * quarter() - 1), 4));
        harness.await(() -> foreign.hasEnded() && tooLong.hasEnded() && fits.hasEnded());
        assertThat(foreign.failure()).contains(EngineErrorCode.INVALID_REQUEST);
        assertThat(message(foreign)).contains("prompt token 2", "" + vocabulary);
        assertThat(tooLong.failure()).contains(EngineErrorCode.TOO_LONG);
        assertThat(message(tooLong)).contains(32 * quarter() + " tokens", "at most " + 32 * quarter());
        assertThat(fits.finished().orElseThrow().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(fits.tokens()).as("as many as fit").hasSize(1);
    }

    @Test
    void twoLiveRequestsMayNotShareAnId() {
        EngineHarness harness = make(32);
        EngineRequest request = windowed(request(prompt(6), 8), 1);
        RecordingSink first = sink(harness);
        RequestHandle handle = harness.engine().submit(request, first);
        RecordingSink second = submit(harness, request);
        harness.await(second::hasEnded);
        assertThat(second.failure()).contains(EngineErrorCode.INVALID_REQUEST);
        handle.acknowledge(8);
        harness.await(first::hasEnded);
        RecordingSink again = submit(harness, windowed(request, 100));
        harness.await(again::hasEnded);
        assertThat(again.tokens()).isEqualTo(first.tokens());
    }

    @Test
    void aLowerPriorityValueRunsFirst() {
        EngineHarness harness = make(new EngineHarness.Shape(32, 4 * quarter(), new BatchOptions(8, 1, 64, true, 3)));
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        harness.hold();
        List<RecordingSink> all = new ArrayList<>();
        List<RequestHandle> handles = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            RecordingSink sink = sink(harness);
            String name = "p" + i;
            all.add(sink);
            EngineRequest request = prioritised(request(prompt(6), 2), 10 - i);
            handles.add(harness.engine().submit(request, event -> {
                if (event instanceof TokenEvent.Started) {
                    order.add(name);
                }
                sink.onEvent(event);
            }));
        }
        handles.get(1).setPriority(-1);
        harness.resume();
        harness.await(() -> all.stream().allMatch(RecordingSink::hasEnded));
        List<String> afterTheFirst =
                order.stream().filter(name -> !name.equals(order.getFirst())).toList();
        assertThat(afterTheFirst)
                .isSubsetOf("p1", "p4", "p3", "p2", "p0")
                .isSortedAccordingTo(
                        (a, b) -> List.of("p1", "p4", "p3", "p2", "p0").indexOf(a)
                                - List.of("p1", "p4", "p3", "p2", "p0").indexOf(b));
    }

    @Test
    void eventsHaveNoGapsAndGiveTheCacheContent() {
        EngineHarness harness = make(8);
        KvReplay early = new KvReplay();
        try (Registration _ = harness.engine().subscribe(early)) {
            for (int i = 0; i < 8; i++) {
                RecordingSink sink = submit(harness, request(prompt(4 + 3 * (i % 5)), 4));
                harness.await(sink::hasEnded);
            }
            KvReplay late = new KvReplay();
            try (Registration _ = harness.engine().subscribe(late)) {
                harness.await(() -> late.batches() > 0 && early.sequence() == late.sequence());
                assertThat(early.blocks()).isEqualTo(late.blocks()).isNotEmpty();
                assertThat(early.batches()).isGreaterThan(3);
                RecordingSink sink = submit(harness, request(prompt(17), 8));
                harness.await(sink::hasEnded);
                harness.await(() -> early.sequence() == late.sequence());
                assertThat(early.blocks()).isEqualTo(late.blocks());
            }
        }
        assertThat(early.faults()).isEmpty();
    }

    @Test
    void exportedBlocksContinueTheSameElsewhere() {
        EngineHarness from = make(32);
        EngineHarness to = make(32);
        EngineRequest request = request(prompt(18), 6);
        RecordingSink first = submit(from, request);
        from.await(first::hasEnded);
        KvExportResult.Exported exported = export(from, request.prompt(), SALT);
        assertThat(exported.blocks()).hasSize(4);
        assertThat(export(from, request.prompt(), OTHER_SALT).blocks()).isEmpty();
        assertThat(offer(to, exported, SALT)).isEqualTo(new KvImportResult.Imported(4, 4));
        assertThat(offer(to, exported, SALT)).isEqualTo(new KvImportResult.Imported(0, 4));
        RecordingSink second = submit(to, request);
        to.await(second::hasEnded);
        assertThat(second.cachedTokens()).isEqualTo(16 * quarter());
        assertThat(second.tokens()).isEqualTo(first.tokens());
        assertNothingHeld(to);
    }

    @Test
    void whoSubscribesRightAfterAChangeHearsOfEachBlockOnce() {
        EngineHarness from = make(32);
        RecordingSink first = submit(from, request(prompt(18), 2));
        from.await(first::hasEnded);
        KvExportResult.Exported exported = export(from, prompt(18), SALT);
        EngineHarness to = make(32);
        to.hold();
        RecordingSink busy = submit(to, request(prompt(3), 2));
        List<KvImportResult> results = Collections.synchronizedList(new ArrayList<>());
        to.engine()
                .importBlocks(
                        new KvImportRequest(SALT, exported.fingerprint(), exported.layout(), exported.blocks()),
                        results::add);
        KvReplay replay = new KvReplay();
        Registration registration = to.engine().subscribe(replay);
        to.resume();
        RecordingSink second = submit(to, request(prompt(26), 8));
        to.await(() -> busy.hasEnded() && second.hasEnded() && replay.batches() > 1);
        assertThat(results).containsExactly(new KvImportResult.Imported(4, 4));
        assertThat(replay.faults()).isEmpty();
        registration.close();
    }

    @Test
    void importTakesWhatFitsAndRefusesWhatIsNotWhatItSays() {
        EngineHarness from = make(32);
        EngineRequest request = request(prompt(24), 2);
        RecordingSink sink = submit(from, request);
        from.await(sink::hasEnded);
        KvExportResult.Exported good = export(from, request.prompt(), SALT);
        EngineHarness small = make(4);
        assertThat(offer(small, good, SALT)).isEqualTo(new KvImportResult.Imported(4, 4));
        EngineHarness to = make(32);
        NumericFingerprint other = new NumericFingerprint("x", "x", "x", "x", "x");
        KvLayout layout = good.layout();
        KvLayout bigger = new KvLayout(layout.layers() + 1, layout.kvHeads(), layout.headSize(), 4 * quarter(), 4);
        assertRefused(to, new KvExportResult.Exported(other, layout, good.blocks()), SALT, "fingerprint");
        assertRefused(to, new KvExportResult.Exported(good.fingerprint(), bigger, good.blocks()), SALT, "layout");
        assertRefused(to, good, OTHER_SALT, "block 0");
        List<KvBlockData> tail = good.blocks().subList(1, good.blocks().size());
        assertRefused(to, new KvExportResult.Exported(good.fingerprint(), layout, tail), SALT, "block 0");
        KvBlockData first = good.blocks().getFirst();
        KvBlockData cut =
                new KvBlockData(first.block(), first.parent(), first.tokens(), MemorySegment.ofArray(new long[1]));
        assertRefused(to, new KvExportResult.Exported(good.fingerprint(), layout, List.of(cut)), SALT, "bytes");
        KvBlockData lying = new KvBlockData(first.block(), first.parent(), tokens(4 * quarter()), first.bytes());
        assertRefused(to, new KvExportResult.Exported(good.fingerprint(), layout, List.of(lying)), SALT, "named");
        assertThat(to.engine().load().cachedBlocks()).isZero();
    }

    @Test
    void aFailedStepFailsItsRequestsAndTheEngineGoesOn() {
        EngineHarness harness = make(32);
        EngineRequest request = request(prompt(13), 6);
        List<Integer> expected = alone(request);
        RecordingSink before = submit(harness, request);
        harness.await(before::hasEnded);
        for (int i = 0; i < 5; i++) {
            harness.failSteps(1);
            RecordingSink failed = submit(harness, request);
            harness.await(failed::hasEnded);
            assertThat(failed.failure()).contains(EngineErrorCode.COMPUTE_FAILED);
            RecordingSink after = submit(harness, request);
            harness.await(after::hasEnded);
            assertThat(after.tokens()).isEqualTo(expected);
            assertNothingHeld(harness);
        }
        assertThat(harness.engine().health()).isInstanceOf(EngineHealth.Healthy.class);
    }

    @Test
    void failuresInARowMakeItUnhealthy() {
        EngineHarness harness = make(32);
        harness.failSteps(3);
        for (int i = 0; i < 3; i++) {
            RecordingSink failed = submit(harness, request(prompt(5), 6));
            harness.await(failed::hasEnded);
            assertThat(failed.failure()).contains(EngineErrorCode.COMPUTE_FAILED);
        }
        assertUnhealthy(harness);
    }

    @Test
    void afterABreakdownEverybodyIsTold() {
        EngineHarness harness = make(32);
        KvReplay replay = new KvReplay();
        try (Registration _ = harness.engine().subscribe(replay)) {
            RecordingSink done = submit(harness, request(prompt(9), 3));
            harness.await(done::hasEnded);
            RecordingSink paused = submit(harness, windowed(request(prompt(9), 9), 1));
            RecordingSink busy = submit(harness, request(prompt(5), 40));
            harness.await(() -> paused.tokens().size() == 1 && !busy.tokens().isEmpty());
            harness.breakDown();
            RecordingSink running = submit(harness, request(prompt(5), 6));
            harness.await(() -> paused.hasEnded() && running.hasEnded());
            assertThat(paused.failure()).contains(EngineErrorCode.COMPUTE_FAILED);
            assertThat(running.failure()).contains(EngineErrorCode.COMPUTE_FAILED);
            assertUnhealthy(harness);
            harness.await(() -> replay.blocks().isEmpty());
            assertThat(replay.faults()).isEmpty();
        }
        AtomicReference<KvExportResult> export = new AtomicReference<>();
        harness.engine().exportBlocks(new KvExportRequest(prompt(9), SALT), export::set);
        harness.await(() -> export.get() != null);
        assertThat(export.get()).isInstanceOf(KvExportResult.Refused.class);
    }

    @Test
    void closeFailsWhatRunsAndRefusesWhatComes() {
        EngineHarness harness = make(32);
        RecordingSink paused = submit(harness, windowed(request(prompt(9), 9), 1));
        harness.await(() -> paused.tokens().size() == 1);
        RecordingSink fresh = submit(harness, request(prompt(5), 60));
        harness.engine().close();
        harness.engine().close();
        harness.await(() -> paused.hasEnded() && fresh.hasEnded());
        assertThat(paused.failure()).contains(EngineErrorCode.SHUTDOWN);
        RecordingSink late = submit(harness, request(prompt(5), 6));
        AtomicReference<KvExportResult> export = new AtomicReference<>();
        harness.engine().exportBlocks(new KvExportRequest(prompt(9), SALT), export::set);
        harness.await(() -> late.hasEnded() && export.get() != null);
        assertThat(late.failure()).contains(EngineErrorCode.SHUTDOWN);
        assertThat(export.get()).isInstanceOf(KvExportResult.Refused.class);
        assertThat(harness.engine().health()).isInstanceOf(EngineHealth.Unhealthy.class);
    }

    @Test
    void acknowledgingLessThanNothingIsAProgrammersError() {
        EngineHarness harness = make(32);
        RecordingSink sink = sink(harness);
        RequestHandle handle = harness.engine().submit(request(prompt(5), 2), sink);
        assertThatThrownBy(() -> handle.acknowledge(-1)).isInstanceOf(InvariantViolation.class);
        harness.await(sink::hasEnded);
    }

    @Test
    void randomTrafficEndsWithoutATrace() {
        int rounds = TestScale.rounds(60, 6);
        for (int round = 0; round < rounds; round++) {
            randomTraffic(new RandomSource(round));
        }
    }

    private void randomTraffic(RandomSource random) {
        int sequences = 1 + random.nextInt(5);
        BatchOptions batching =
                new BatchOptions(sequences + random.nextInt(20), sequences, 1 + random.nextInt(20), true, 3);
        EngineHarness harness = make(new EngineHarness.Shape(9 + random.nextInt(20), 4 * quarter(), batching));
        List<RecordingSink> all = new ArrayList<>();
        List<RequestHandle> handles = new ArrayList<>();
        KvReplay replay = new KvReplay();
        Registration registration = harness.engine().subscribe(replay);
        for (int i = 0; i < 40; i++) {
            EngineRequest request = request(prompt(1 + random.nextInt(30)), 1 + random.nextInt(12));
            if (random.nextInt(4) == 0) {
                Duration timeout = Duration.ofMillis(random.nextInt(20));
                request = due(request, Deadline.after(harness.loop().clock(), timeout));
            }
            RecordingSink sink = sink(harness);
            all.add(sink);
            handles.add(harness.engine().submit(windowed(request, 1 + random.nextInt(12)), sink));
            RequestHandle any = handles.get(random.nextInt(handles.size()));
            switch (random.nextInt(6)) {
                case 0 -> any.cancel();
                case 1 -> any.acknowledge(random.nextInt(8));
                case 2 -> any.setPriority(random.nextInt(3));
                case 3 -> harness.failSteps(1);
                case 4 -> harness.await(() -> sink.hasEnded() || !sink.events().isEmpty());
                default -> {}
            }
        }
        handles.forEach(handle -> handle.acknowledge(100));
        harness.await(() -> all.stream().allMatch(RecordingSink::hasEnded));
        assertThat(replay.faults()).isEmpty();
        if (harness.engine().health() instanceof EngineHealth.Healthy) {
            assertNothingHeld(harness);
        }
        registration.close();
        harness.close();
    }

    private void assertUnhealthy(EngineHarness harness) {
        assertThat(harness.engine().health()).isInstanceOf(EngineHealth.Unhealthy.class);
        RecordingSink refused = submit(harness, request(prompt(5), 6));
        harness.await(refused::hasEnded);
        assertThat(refused.failure()).contains(EngineErrorCode.COMPUTE_FAILED);
        assertThat(message(refused)).contains("unhealthy");
        assertThat(harness.engine().load().usedBlocks()).isZero();
        assertThat(harness.engine().load().cachedBlocks()).isZero();
    }

    private void assertRefused(EngineHarness to, KvExportResult.Exported offer, CacheSalt salt, String word) {
        KvImportResult result = offer(to, offer, salt);
        assertThat(result).isInstanceOf(KvImportResult.Refused.class);
        assertThat(((KvImportResult.Refused) result).reason()).contains(word);
    }

    private static void assertNothingHeld(EngineHarness harness) {
        EngineLoad load = harness.engine().load();
        assertThat(load.usedBlocks()).isZero();
        assertThat(load.runningRequests() + load.waitingRequests()).isZero();
        assertThat(load.queuedPrefillTokens()).isZero();
    }

    private static KvExportResult.Exported export(EngineHarness harness, TokenIds tokens, CacheSalt salt) {
        AtomicReference<KvExportResult> result = new AtomicReference<>();
        harness.engine().exportBlocks(new KvExportRequest(tokens, salt), result::set);
        harness.await(() -> result.get() != null);
        return (KvExportResult.Exported) result.get();
    }

    private static KvImportResult offer(EngineHarness harness, KvExportResult.Exported offer, CacheSalt salt) {
        AtomicReference<KvImportResult> result = new AtomicReference<>();
        KvImportRequest request = new KvImportRequest(salt, offer.fingerprint(), offer.layout(), offer.blocks());
        harness.engine().importBlocks(request, result::set);
        harness.await(() -> result.get() != null);
        return result.get();
    }

    /** What the request answers when it has an engine for itself. */
    private List<Integer> alone(EngineRequest request) {
        EngineHarness harness = make(64);
        RecordingSink sink = submit(harness, request);
        harness.await(sink::hasEnded);
        assertThat(sink.finished()).isPresent();
        return sink.tokens();
    }

    private EngineHarness make(int totalBlocks) {
        return make(new EngineHarness.Shape(totalBlocks, 4 * quarter(), BATCHING));
    }

    private EngineHarness make(EngineHarness.Shape shape) {
        try {
            EngineHarness harness = open(shape);
            harnesses.add(harness);
            return harness;
        } catch (Exception e) {
            throw new AssertionError("no engine", e);
        }
    }

    private RecordingSink sink(EngineHarness harness) {
        RecordingSink sink = new RecordingSink(harness.loop());
        sinks.add(sink);
        return sink;
    }

    private RecordingSink submit(EngineHarness harness, EngineRequest request) {
        RecordingSink sink = sink(harness);
        harness.engine().submit(request, sink);
        return sink;
    }

    /** Prompts share their beginnings. */
    private TokenIds prompt(int quarters) {
        return tokens(quarters * quarter());
    }

    private static TokenIds tokens(int size) {
        int[] ids = new int[size];
        for (int i = 0; i < size; i++) {
            ids[i] = 3 + i % 27;
        }
        ids[size - 1] = 3 + size % 27;
        return TokenIds.of(ids);
    }

    private EngineRequest request(TokenIds prompt, int maxTokens) {
        return new EngineRequest(
                new RequestId("r" + names++),
                TenantId.ANONYMOUS,
                prompt,
                SALT,
                SamplingOptions.GREEDY,
                new StopConditions(maxTokens, Set.of(), true),
                0,
                Deadline.NONE,
                EngineRequest.DEFAULT_OUTPUT_WINDOW_TOKENS);
    }

    private static EngineRequest with(EngineRequest r, StopConditions stop) {
        return new EngineRequest(
                r.id(),
                r.tenant(),
                r.prompt(),
                r.salt(),
                r.sampling(),
                stop,
                r.priority(),
                r.deadline(),
                r.outputWindowTokens());
    }

    private static EngineRequest sampled(EngineRequest r, SamplingOptions sampling) {
        return new EngineRequest(
                r.id(),
                r.tenant(),
                r.prompt(),
                r.salt(),
                sampling,
                r.stop(),
                r.priority(),
                r.deadline(),
                r.outputWindowTokens());
    }

    private static EngineRequest salted(EngineRequest r, CacheSalt salt) {
        return new EngineRequest(
                r.id(),
                r.tenant(),
                r.prompt(),
                salt,
                r.sampling(),
                r.stop(),
                r.priority(),
                r.deadline(),
                r.outputWindowTokens());
    }

    private static EngineRequest windowed(EngineRequest r, int window) {
        return new EngineRequest(
                r.id(), r.tenant(), r.prompt(), r.salt(), r.sampling(), r.stop(), r.priority(), r.deadline(), window);
    }

    private static EngineRequest due(EngineRequest r, Deadline deadline) {
        return new EngineRequest(
                r.id(),
                r.tenant(),
                r.prompt(),
                r.salt(),
                r.sampling(),
                r.stop(),
                r.priority(),
                deadline,
                r.outputWindowTokens());
    }

    private static EngineRequest prioritised(EngineRequest r, int priority) {
        return new EngineRequest(
                r.id(),
                r.tenant(),
                r.prompt(),
                r.salt(),
                r.sampling(),
                r.stop(),
                priority,
                r.deadline(),
                r.outputWindowTokens());
    }

    private static String message(RecordingSink sink) {
        return ((TokenEvent.Failed) sink.end().orElseThrow()).error().message();
    }
}
