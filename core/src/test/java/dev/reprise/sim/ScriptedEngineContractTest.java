package dev.reprise.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.Engine;
import dev.reprise.engine.EngineContractTest;
import dev.reprise.engine.EngineHarness;
import dev.reprise.engine.local.EngineSetup;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.VirtualEventLoop;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The scripted engine, in virtual time. */
class ScriptedEngineContractTest extends EngineContractTest {
    @Override
    protected EngineHarness open(EngineHarness.Shape shape) {
        return new VirtualHarness(shape);
    }

    private static final class VirtualHarness implements EngineHarness {
        private static final long SLICE_NANOS = Duration.ofMillis(1).toNanos();

        private final VirtualEventLoop loop = new VirtualEventLoop();
        private final ScriptedEngine engine;

        VirtualHarness(Shape shape) {
            EngineSetup setup = ScriptedSetup.of(
                    new WorkerId("scripted"), shape.totalBlocks(), shape.blockSizeTokens(), shape.batching());
            engine = new ScriptedEngine(setup, ScriptedTiming.DEFAULT, TokenScript.ofPrompt(30), loop);
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
            for (int slices = 0; !condition.getAsBoolean(); slices++) {
                assertThat(slices).as("virtual milliseconds waited").isLessThan(100_000);
                loop.advance(SLICE_NANOS);
            }
        }

        @Override
        public void hold() {}

        @Override
        public void resume() {}

        @Override
        public void failSteps(int steps) {
            engine.failSteps(steps);
        }

        @Override
        public void breakDown() {
            engine.goUnhealthy("the test says so");
        }

        @Override
        public void close() {
            engine.close();
            loop.runUntilIdle(100_000);
        }
    }
}
