package dev.reprise.engine.local;

import dev.reprise.engine.EngineContractTest;
import dev.reprise.engine.EngineHarness;
import dev.reprise.engine.local.model.LlamaModel;
import dev.reprise.engine.local.model.LlamaRunner;
import dev.reprise.engine.local.model.RunnerOptions;
import dev.reprise.engine.local.model.TinyModel;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.linear.Precision;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The embedded engine over a real model with random weights. */
class LlamaEngineContractTest extends EngineContractTest {
    private static final int MAX_BATCH_TOKENS = 32;
    private static ComputePool pool;
    private static LlamaModel model;

    @BeforeAll
    static void load(@TempDir Path folder) throws Exception {
        pool = new ComputePool(2);
        model = LlamaModel.load(TinyModel.ODD.write(folder, 7), Precision.INT8, new VectorKernels(), pool);
    }

    @AfterAll
    static void unload() {
        model.close();
        pool.close();
    }

    @Override
    protected int quarter() {
        return 4;
    }

    @Override
    protected EngineHarness open(EngineHarness.Shape shape) {
        RunnerOptions options = new RunnerOptions(shape.blockSizeTokens(), shape.totalBlocks(), 512, MAX_BATCH_TOKENS);
        SamplingChooser chooser =
                new SamplingChooser(model.kernels(), model.config().vocabularySize());
        return new LocalEngineHarness(shape.batching(), new LlamaRunner(model, options), chooser);
    }
}
