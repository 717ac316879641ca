package dev.reprise.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.EngineErrorCode;
import dev.reprise.engine.EngineHealth;
import dev.reprise.engine.EngineRequest;
import dev.reprise.engine.RecordingSink;
import dev.reprise.engine.RequestHandle;
import dev.reprise.engine.SamplingOptions;
import dev.reprise.engine.StopConditions;
import dev.reprise.engine.TokenEvent;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.RequestId;
import dev.reprise.identity.TenantId;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.Clock;
import dev.reprise.runtime.Deadline;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.InvariantViolation;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.Registration;
import dev.reprise.runtime.SystemClock;
import dev.reprise.runtime.ThreadEventLoop;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only the embedded engine has: a thread, a loop that may be full, and failures of its own. */
@Timeout(60)
class LocalEngineTest {
    private final FaultyRunner runner = new FaultyRunner(new FakeModelRunner(64, 4, 40, 500));
    private int names;

    @Test
    void whatAFullLoopRejectsComesLaterInOrderAndCompletely() {
        MoodyLoop loop = new MoodyLoop();
        try (LocalEngine engine = engine(loop, BatchOptions.DEFAULT)) {
            loop.refuse(true);
            List<RecordingSink> sinks = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                RecordingSink sink = new RecordingSink(loop);
                sinks.add(sink);
                engine.submit(request(20), sink);
            }
            await(() -> engine.load().steps() >= 20 && engine.load().runningRequests() == 0);
            assertThat(sinks).allMatch(sink -> sink.events().isEmpty());
            loop.refuse(false);
            await(() -> sinks.stream().allMatch(RecordingSink::hasEnded));
            assertThat(sinks)
                    .allMatch(
                            sink -> sink.tokens().size() == 20 && sink.faults().isEmpty());
        } finally {
            loop.close();
        }
    }

    @Test
    void beyondItsBoundAStuckLoopMakesSubmitThrow() {
        MoodyLoop loop = new MoodyLoop();
        loop.refuse(true);
        List<RecordingSink> sinks = new ArrayList<>();
        try (LocalEngine engine = engine(loop, new BatchOptions(8, 8, 4, true, 3))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 5_000; i++) {
                            RecordingSink sink = new RecordingSink(loop);
                            engine.submit(request(1), sink);
                            sinks.add(sink);
                        }
                    })
                    .isInstanceOf(RejectedExecutionException.class);
            assertThat(sinks).hasSizeLessThan(2_000);
            loop.refuse(false);
            await(() -> sinks.stream().allMatch(RecordingSink::hasEnded));
            RecordingSink later = new RecordingSink(loop);
            engine.submit(request(3), later);
            await(later::hasEnded);
            assertThat(later.finished()).isPresent();
        } finally {
            loop.close();
        }
        assertThat(sinks).allMatch(sink -> sink.faults().isEmpty());
    }

    @Test
    void closingOnTheLoopItselfDeliversEverything() throws Exception {
        ThreadEventLoop loop = new ThreadEventLoop("loop", 4, _ -> {});
        LocalEngine engine = engine(loop, BatchOptions.DEFAULT);
        RecordingSink sink = new RecordingSink(loop);
        engine.submit(windowed(request(50), 1), sink);
        await(() -> sink.tokens().size() == 1);
        CountDownLatch closed = new CountDownLatch(1);
        loop.execute(() -> {
            engine.close();
            closed.countDown();
        });
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        await(sink::hasEnded);
        assertThat(sink.failure()).contains(EngineErrorCode.SHUTDOWN);
        loop.close();
    }

    @Test
    void aLoopClosedAfterTheEngineStillTellsEverybody() throws Exception {
        ThreadEventLoop loop = new ThreadEventLoop("loop", 4, _ -> {});
        List<RecordingSink> sinks = new ArrayList<>();
        CountDownLatch stuck = new CountDownLatch(1);
        LocalEngine engine = engine(loop, BatchOptions.DEFAULT);
        loop.execute(() -> awaitUninterruptibly(stuck));
        for (int i = 0; i < 600; i++) {
            RecordingSink sink = new RecordingSink(loop);
            sinks.add(sink);
            engine.submit(request(1_000), sink);
        }
        engine.close();
        Thread closer = Thread.ofPlatform().start(loop::close);
        await(() -> closer.getState() == Thread.State.WAITING);
        stuck.countDown();
        closer.join();
        assertThat(sinks).allMatch(RecordingSink::hasEnded);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoeverEndedInAStepThatCouldNotBeBookedIsStillTold() {
        ThreadEventLoop loop = new ThreadEventLoop("loop", 4, _ -> {});
        LocalEngineOptions options =
                new LocalEngineOptions(new WorkerId("moody"), new ModelId("tiny"), "1", Set.of(), BatchOptions.DEFAULT);
        TokenChooser noToken = (_, _, _, _) -> new Choice(-1, Optional.empty());
        try (LocalEngine engine = new LocalEngine(options, runner, noToken, loop, new RandomSource(1))) {
            RecordingSink sink = new RecordingSink(loop);
            engine.submit(request(1), sink);
            await(sink::hasEnded);
            assertThat(sink.failure()).contains(EngineErrorCode.COMPUTE_FAILED);
            assertThat(engine.health()).isInstanceOf(EngineHealth.Unhealthy.class);
        } finally {
            loop.close();
        }
    }

    @Test
    void aSinkThatThrowsHarmsNobodyElse() {
        AtomicReference<Throwable> escaped = new AtomicReference<>();
        ThreadEventLoop loop = new ThreadEventLoop("loop", 4, escaped::set);
        try (LocalEngine engine = engine(loop, BatchOptions.DEFAULT)) {
            engine.submit(request(5), event -> {
                throw new IllegalStateException("a bad sink");
            });
            RecordingSink sink = new RecordingSink(loop);
            engine.submit(request(5), sink);
            await(sink::hasEnded);
            assertThat(sink.tokens()).hasSize(5);
            assertThat(escaped.get()).hasMessage("a bad sink");
        } finally {
            loop.close();
        }
    }

    @Test
    void aBrokenInvariantStopsTheEngineAndAnExceptionDoesNot() {
        ThreadEventLoop loop = new ThreadEventLoop("loop", 4, _ -> {});
        try (LocalEngine engine = engine(loop, BatchOptions.DEFAULT)) {
            runner.throwNext(new IllegalArgumentException("a passing fault"));
            assertThat(failureOf(engine, loop)).contains("a passing fault");
            assertThat(engine.health()).isInstanceOf(EngineHealth.Healthy.class);
            runner.throwNext(new InvariantViolation("a broken promise"));
            assertThat(failureOf(engine, loop)).contains("a broken promise");
            assertThat(engine.health()).isInstanceOf(EngineHealth.Unhealthy.class);
            assertThat(failureOf(engine, loop)).contains("restart");
        } finally {
            loop.close();
        }
        assertThat(runner.isClosed()).isTrue();
    }

    @Test
    void closeWaitsForTheStepAndThenTheThreadIsGone() {
        ThreadEventLoop loop = new ThreadEventLoop("loop", 4, _ -> {});
        LocalEngine engine = engine(loop, BatchOptions.DEFAULT);
        RecordingSink sink = new RecordingSink(loop);
        runner.hold();
        engine.submit(request(5), sink);
        await(() -> !sink.events().isEmpty());
        Thread closer = Thread.ofPlatform().start(engine::close);
        await(() -> closer.getState() == Thread.State.WAITING);
        assertThat(sink.hasEnded()).isFalse();
        runner.resume();
        await(() -> !closer.isAlive());
        await(sink::hasEnded);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("engine-moody"));
        loop.close();
    }

    @Test
    void anIdleEngineRests() throws Exception {
        ThreadEventLoop loop = new ThreadEventLoop("loop", 4, _ -> {});
        try (LocalEngine engine = engine(loop, BatchOptions.DEFAULT)) {
            RecordingSink sink = new RecordingSink(loop);
            engine.submit(request(5), sink);
            await(sink::hasEnded);
            Thread thread = Thread.getAllStackTraces().keySet().stream()
                    .filter(candidate -> candidate.getName().equals("engine-moody"))
                    .findFirst()
                    .orElseThrow();
            await(() -> thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING);
        } finally {
            loop.close();
        }
    }

    @Test
    void manyThreadsMayUseOneEngine() throws Exception {
        ThreadEventLoop loop = new ThreadEventLoop("loop", 4, _ -> {});
        try (LocalEngine engine = engine(loop, BatchOptions.DEFAULT)) {
            List<RecordingSink> sinks = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 6; t++) {
                int name = t;
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 50; i++) {
                        RecordingSink sink = new RecordingSink(loop);
                        sinks.add(sink);
                        RequestHandle handle = engine.submit(named(request(8), name + "-" + i), sink);
                        handle.acknowledge(1);
                        handle.setPriority(i % 3);
                        if (i % 5 == 0) {
                            handle.cancel();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            await(() -> sinks.stream().allMatch(RecordingSink::hasEnded));
            assertThat(sinks)
                    .hasSize(300)
                    .allMatch(sink -> sink.faults().isEmpty() && sink.finished().isPresent());
            assertThat(engine.load().usedBlocks()).isZero();
            assertThat(engine.health()).isInstanceOf(EngineHealth.Healthy.class);
        } finally {
            loop.close();
        }
    }

    private String failureOf(LocalEngine engine, EventLoop loop) {
        RecordingSink sink = new RecordingSink(loop);
        engine.submit(request(5), sink);
        await(sink::hasEnded);
        assertThat(sink.failure()).contains(EngineErrorCode.COMPUTE_FAILED);
        return ((TokenEvent.Failed) sink.end().orElseThrow()).error().message();
    }

    private LocalEngine engine(EventLoop loop, BatchOptions batching) {
        LocalEngineOptions options =
                new LocalEngineOptions(new WorkerId("moody"), new ModelId("tiny"), "1", Set.of(), batching);
        return new LocalEngine(options, runner, new Greedy(), loop, new RandomSource(1));
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
                100);
    }

    private static EngineRequest windowed(EngineRequest r, int window) {
        return new EngineRequest(
                r.id(), r.tenant(), r.prompt(), r.salt(), r.sampling(), r.stop(), r.priority(), r.deadline(), window);
    }

    private static EngineRequest named(EngineRequest r, String name) {
        return new EngineRequest(
                new RequestId(name),
                r.tenant(),
                r.prompt(),
                r.salt(),
                r.sampling(),
                r.stop(),
                r.priority(),
                r.deadline(),
                r.outputWindowTokens());
    }

    private static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .isLessThan(Duration.ofSeconds(30).toNanos());
            LockSupport.parkNanos(100_000);
        }
    }

    /** A loop that takes nothing when told so. */
    private static final class MoodyLoop implements EventLoop, AutoCloseable {
        private final ThreadEventLoop loop = new ThreadEventLoop("moody", 8, _ -> {});
        private volatile boolean refusing;

        void refuse(boolean refuse) {
            refusing = refuse;
        }

        @Override
        public void execute(Runnable task) {
            if (refusing) {
                throw new RejectedExecutionException("moody");
            }
            loop.execute(task);
        }

        @Override
        public Registration schedule(long delayNanos, Runnable task) {
            return loop.schedule(delayNanos, task);
        }

        @Override
        public Clock clock() {
            return new SystemClock();
        }

        @Override
        public boolean inLoop() {
            return loop.inLoop();
        }

        @Override
        public void close() {
            loop.close();
        }
    }
}
