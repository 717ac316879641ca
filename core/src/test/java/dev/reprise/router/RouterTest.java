package dev.reprise.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.EngineErrorCode;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RecordingSink;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.SamplingOptions;
import dev.reprise.engine.StopConditions;
import dev.reprise.engine.local.BatchOptions;
import dev.reprise.identity.RequestId;
import dev.reprise.identity.TenantId;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.Deadline;
import dev.reprise.runtime.InvariantViolation;
import dev.reprise.runtime.VirtualEventLoop;
import dev.reprise.sim.ScriptedEngine;
import dev.reprise.sim.ScriptedSetup;
import dev.reprise.sim.ScriptedTiming;
import dev.reprise.sim.TokenScript;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The router over scripted engines, in virtual time. */
class RouterTest {
    private final VirtualEventLoop loop = new VirtualEventLoop();
    private final Router router = new Router(new LeastLoadedSelector(), loop);
    private int names;

    @Test
    void oneWorkerGetsEverything() {
        router.setWorkers(List.of(engine("a", 100)));
        RecordingSink sink = submit(5);
        loop.runUntilIdle(10_000);
        assertThat(sink.finished()).isPresent();
        assertThat(sink.tokens()).hasSize(5);
    }

    @Test
    void requestsSpreadOverWorkersByLoad() {
        ScriptedEngine first = engine("a", 100);
        ScriptedEngine second = engine("b", 200);
        router.setWorkers(List.of(first, second));
        List<RecordingSink> sinks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sinks.add(submit(10));
            loop.advance(1_000);
        }
        loop.advance(5_000_000);
        assertThat(liveRequests(first)).isEqualTo(10);
        assertThat(liveRequests(second)).isEqualTo(10);
        loop.runUntilIdle(10_000);
        assertThat(sinks).allMatch(sink -> sink.finished().isPresent());
        assertThat(sinks).extracting(sink -> sink.tokens().getFirst()).containsOnly(100, 200);
    }

    @Test
    void anUnhealthyWorkerIsSkipped() {
        ScriptedEngine broken = engine("a", 100);
        router.setWorkers(List.of(broken, engine("b", 200)));
        broken.goUnhealthy("the test says so");
        RecordingSink sink = submit(3);
        loop.runUntilIdle(10_000);
        assertThat(sink.tokens()).containsOnly(200);
    }

    @Test
    void withoutAWorkerTheSinkIsToldOnTheLoop() {
        RecordingSink none = submit(3);
        assertThat(none.events()).as("never from inside the call").isEmpty();
        ScriptedEngine broken = engine("a", 100);
        router.setWorkers(List.of(broken));
        broken.goUnhealthy("the test says so");
        RecordingSink unhealthy = submit(3);
        loop.runUntilIdle(10_000);
        assertThat(none.failure()).contains(EngineErrorCode.OVERLOADED);
        assertThat(unhealthy.failure()).contains(EngineErrorCode.OVERLOADED);
        assertThat(none.faults()).isEmpty();
    }

    @Test
    void creditsEndWithTheirRequests() {
        router.setWorkers(List.of(engine("a", 100)));
        submit(3);
        submit(3);
        assertThat(router.workers().getFirst().openRequests()).isEqualTo(2);
        loop.runUntilIdle(10_000);
        assertThat(router.workers().getFirst().openRequests()).isZero();
    }

    @Test
    void theHandleReachesTheWorker() {
        ScriptedEngine engine = engine("a", 100);
        router.setWorkers(List.of(engine));
        RecordingSink sink = new RecordingSink(loop);
        RequestHandle handle = router.submit(request(1_000), sink);
        loop.advance(20_000_000);
        handle.cancel();
        loop.advance(5_000_000);
        assertThat(sink.hasEnded()).isTrue();
        assertThat(engine.load().usedBlocks()).isZero();
    }

    @Test
    void workersChangeAsAWholeAndRunningRequestsStay() {
        router.setWorkers(List.of(engine("a", 100)));
        RecordingSink old = submit(30);
        loop.advance(10_000_000);
        router.setWorkers(List.of(engine("b", 200)));
        RecordingSink fresh = submit(30);
        loop.runUntilIdle(10_000);
        assertThat(old.tokens()).hasSize(30).containsOnly(100);
        assertThat(fresh.tokens()).hasSize(30).containsOnly(200);
        assertThat(router.workers())
                .extracting(view -> view.description().worker())
                .containsExactly(new WorkerId("b"));
    }

    @Test
    void workersNeedTheirOwnNames() {
        assertThatThrownBy(() -> router.setWorkers(List.of(engine("a", 1), engine("a", 2))))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("a");
    }

    @Test
    void aSelectorThatInventsAWorkerIsABug() {
        Router confused = new Router((request, workers) -> new Selection.Chosen(new WorkerId("nobody")), loop);
        confused.setWorkers(List.of(engine("a", 1)));
        assertThatThrownBy(() -> confused.submit(request(1), new RecordingSink(loop)))
                .hasMessageContaining("nobody");
    }

    private static int liveRequests(ScriptedEngine engine) {
        return engine.load().runningRequests() + engine.load().waitingRequests();
    }

    private ScriptedEngine engine(String name, int token) {
        return new ScriptedEngine(
                ScriptedSetup.of(new WorkerId(name), 200, 4, BatchOptions.DEFAULT),
                ScriptedTiming.DEFAULT,
                TokenScript.always(TokenIds.of(token)),
                loop);
    }

    private RecordingSink submit(int maxTokens) {
        RecordingSink sink = new RecordingSink(loop);
        router.submit(request(maxTokens), sink);
        return sink;
    }

    private EngineRequest request(int maxTokens) {
        return new EngineRequest(
                new RequestId("r" + names++),
                TenantId.ANONYMOUS,
                TokenIds.of(5, 6, 7),
                new CacheSalt(1, 2),
                SamplingOptions.GREEDY,
                StopConditions.maxTokens(maxTokens),
                0,
                Deadline.NONE,
                EngineRequest.DEFAULT_OUTPUT_WINDOW_TOKENS);
    }
}
