package dev.reprise.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.Engine;
import dev.reprise.engine.EngineHarness;
import dev.reprise.engine.local.model.ModelRunner;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.RandomSource;
import dev.reprise.runtime.ThreadEventLoop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A {@link LocalEngine} on real threads. */
public final class LocalEngineHarness implements EngineHarness {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private final CopyOnWriteArrayList<Throwable> escaped = new CopyOnWriteArrayList<>();
    private final ThreadEventLoop loop = new ThreadEventLoop("contract-loop", 64, escaped::add);
    private final FaultyRunner runner;
    private final LocalEngine engine;

    public LocalEngineHarness(BatchOptions batching, ModelRunner runner, TokenChooser chooser) {
        this.runner = new FaultyRunner(runner);
        LocalEngineOptions options =
                new LocalEngineOptions(new WorkerId("local"), new ModelId("tiny"), "1", Set.of(2), batching);
        this.engine = new LocalEngine(options, this.runner, chooser, loop, new RandomSource(1));
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("nanoseconds waited").isLessThan(PATIENCE_NANOS);
            LockSupport.parkNanos(100_000);
        }
    }

    @Override
    public void hold() {
        runner.hold();
    }

    @Override
    public void resume() {
        runner.resume();
    }

    @Override
    public void failSteps(int steps) {
        runner.failSteps(steps);
    }

    @Override
    public void breakDown() {
        runner.throwNext(new OutOfMemoryError("the test says so"));
    }

    @Override
    public void close() {
        runner.resume();
        engine.close();
        loop.close();
        assertThat(runner.isClosed()).isTrue();
        assertThat(escaped).isEmpty();
    }
}
