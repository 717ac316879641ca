package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import dev.reprise.engine.local.LocalEngine;
import dev.reprise.engine.local.LocalEngineOptions;
import dev.reprise.engine.local.SamplingChooser;
import dev.reprise.engine.local.TokenChooser;
import dev.reprise.engine.local.model.LlamaModel;
import dev.reprise.engine.local.model.LlamaRunner;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.kernel.ScalarKernels;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.weights.ModelLoadException;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.WorkerId;
import dev.reprise.runtime.EventLoop;
import dev.reprise.runtime.RandomSource;
import java.nio.file.Path;

/** One embedded engine with its weights and compute threads. Closing it returns all of them. */
final class EmbeddedEngine implements AutoCloseable {
    private final ComputePool pool;
    private final LlamaModel model;
    private final LocalEngine engine;

    private EmbeddedEngine(ComputePool pool, LlamaModel model, LocalEngine engine) {
        this.pool = pool;
        this.model = model;
        this.engine = engine;
    }

    /**
     * Loads the model and starts the engine.
     *
     * @param loop where its events arrive; outlives it
     * @throws CliFailure when the weights cannot be loaded
     */
    static EmbeddedEngine start(EnginePlan plan, Path folder, ModelId name, EventLoop loop, RandomSource random)
            throws CliFailure {
        ComputePool pool = new ComputePool(plan.threads());
        try {
            Kernels kernels = plan.vectorKernels() ? new VectorKernels() : new ScalarKernels();
            LlamaModel model = LlamaModel.load(folder, plan.precision(), kernels, pool);
            LlamaRunner runner = new LlamaRunner(model, plan.runner());
            LocalEngineOptions options = new LocalEngineOptions(
                    new WorkerId("local-0"),
                    name,
                    model.weightsDigest(),
                    model.config().eosTokenIds(),
                    plan.batching());
            TokenChooser chooser = new SamplingChooser(kernels, runner.vocabularySize());
            return new EmbeddedEngine(pool, model, new LocalEngine(options, runner, chooser, loop, random));
        } catch (ModelLoadException e) {
            pool.close();
            throw CliFailure.saying(e);
        } catch (OutOfMemoryError e) {
            pool.close();
            throw new CliFailure("too little memory for the model: " + e.getMessage()
                    + "; choose a smaller model, --precision int8, or a smaller --kv-cache-memory-bytes");
        }
    }

    LocalEngine engine() {
        return engine;
    }

    /** Names the weights. */
    String revision() {
        return model.weightsDigest();
    }

    @Override
    public void close() {
        engine.close();
        model.close();
        pool.close();
    }
}
