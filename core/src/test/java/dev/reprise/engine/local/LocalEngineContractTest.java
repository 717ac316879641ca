package dev.reprise.engine.local;

import dev.reprise.engine.EngineContractTest;
import dev.reprise.engine.EngineHarness;
import dev.reprise.engine.local.model.kernel.ScalarKernels;

/** The embedded engine over a runner whose blocks hold digests of what was computed into them. */
class LocalEngineContractTest extends EngineContractTest {
    @Override
    protected EngineHarness open(EngineHarness.Shape shape) {
        FakeModelRunner runner = new FakeModelRunner(shape.totalBlocks(), shape.blockSizeTokens(), 40, 1_000);
        return new LocalEngineHarness(shape.batching(), runner, new SamplingChooser(new ScalarKernels(), 40));
    }
}
