package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import dev.reprise.config.Configuration;
import dev.reprise.config.Settings;
import dev.reprise.engine.KvLayout;
import dev.reprise.engine.local.BatchOptions;
import dev.reprise.engine.local.model.MemoryEstimate;
import dev.reprise.engine.local.model.RunnerOptions;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.engine.local.model.weights.ModelConfig;
import dev.reprise.engine.local.model.weights.ModelLoadException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the embedded engine will run a model, decided before anything is loaded.
 *
 * @param model the model's shape
 * @param precision of the weights
 * @param vectorKernels whether vector instructions are used
 * @param threads that compute
 * @param runner sizes of the pool and of a step
 * @param batching of the engine
 */
record EnginePlan(
        ModelConfig model,
        Precision precision,
        boolean vectorKernels,
        int threads,
        RunnerOptions runner,
        BatchOptions batching) {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final int POOL_SHARE = 4;
    private static final int MAX_WAITING_REQUESTS = 1_024;
    private static final int MAX_FAILED_STEPS = 3;

    /**
     * Plans for the model in {@code folder} on a machine with {@code machineBytes} of memory.
     *
     * @throws CliFailure when the model cannot be served so
     */
    static EnginePlan of(Configuration configuration, Path folder, long machineBytes) throws CliFailure {
        ModelConfig model = readModel(folder);
        Precision precision =
                switch (configuration.get(Settings.PRECISION)) {
                    case INT8 -> Precision.INT8;
                    case F32 -> Precision.F32;
                };
        int threads = configuration
                .find(Settings.THREADS)
                .orElseGet(() -> Runtime.getRuntime().availableProcessors());
        RunnerOptions runner = runnerOptions(configuration, model, machineBytes);
        BatchOptions batching = new BatchOptions(
                runner.maxStepRows(),
                configuration.get(Settings.MAX_NUM_SEQS),
                MAX_WAITING_REQUESTS,
                configuration.get(Settings.ENABLE_PREFIX_CACHING),
                MAX_FAILED_STEPS);
        boolean vector = configuration.get(Settings.VECTOR_KERNELS)
                && ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
        EnginePlan plan = new EnginePlan(model, precision, vector, threads, runner, batching);
        plan.checkMemory(machineBytes);
        return plan;
    }

    private static ModelConfig readModel(Path folder) throws CliFailure {
        try {
            return ModelConfig.read(folder);
        } catch (ModelLoadException e) {
            throw CliFailure.saying(e);
        }
    }

    private static RunnerOptions runnerOptions(Configuration configuration, ModelConfig model, long machineBytes)
            throws CliFailure {
        int maxModelTokens = configuration.find(Settings.MAX_MODEL_LEN).orElse(model.maxPositions());
        if (maxModelTokens > model.maxPositions()) {
            throw new CliFailure("model.max_model_len (%s) is %d, but the model was made for %d tokens; lower it"
                    .formatted(
                            configuration.entry(Settings.MAX_MODEL_LEN).origin(),
                            maxModelTokens,
                            model.maxPositions()));
        }
        int blockTokens = configuration.get(Settings.BLOCK_SIZE);
        int blocks = poolBlocks(configuration, model, maxModelTokens, machineBytes);
        return new RunnerOptions(
                blockTokens,
                blocks,
                fitting(configuration, maxModelTokens, (long) blocks * blockTokens),
                configuration.get(Settings.MAX_NUM_BATCHED_TOKENS));
    }

    /** The longest sequence that the pool can hold; shorter than wished only when nobody wished in so many words. */
    private static int fitting(Configuration configuration, int maxModelTokens, long poolTokens) throws CliFailure {
        if (poolTokens >= maxModelTokens) {
            return maxModelTokens;
        }
        if (configuration.find(Settings.MAX_MODEL_LEN).isPresent()) {
            throw new CliFailure(
                    "model.max_model_len (%s) is %d, but the KV pool holds only %d tokens; enlarge the pool or lower it"
                            .formatted(
                                    configuration.entry(Settings.MAX_MODEL_LEN).origin(), maxModelTokens, poolTokens));
        }
        return (int) poolTokens;
    }

    private static int poolBlocks(
            Configuration configuration, ModelConfig model, int maxModelTokens, long machineBytes) {
        Optional<Integer> blocks = configuration.find(Settings.NUM_KV_BLOCKS);
        if (blocks.isPresent()) {
            return blocks.get();
        }
        int blockTokens = configuration.get(Settings.BLOCK_SIZE);
        long blockBytes =
                new KvLayout(model.layers(), model.kvHeads(), model.headSize(), blockTokens, Float.BYTES).blockBytes();
        Optional<Long> memory = configuration.find(Settings.KV_CACHE_MEMORY);
        if (memory.isPresent()) {
            return Math.clamp(memory.get() / blockBytes, 1, Integer.MAX_VALUE);
        }
        long perSequence = Math.ceilDiv(maxModelTokens, blockTokens);
        long wanted = perSequence * configuration.get(Settings.MAX_NUM_SEQS);
        return Math.clamp(machineBytes / POOL_SHARE / blockBytes, 1, Math.clamp(wanted, 1, Integer.MAX_VALUE));
    }

    private void checkMemory(long machineBytes) throws CliFailure {
        MemoryEstimate estimate = MemoryEstimate.of(model, precision, runner, threads);
        if (estimate.totalBytes() > machineBytes) {
            throw new CliFailure(
                    "too little memory: weights need %s, the KV pool %s and a step %s, but the machine has %s; "
                                    .formatted(
                                            mebibytes(estimate.weightBytes()),
                                            mebibytes(estimate.kvBytes()),
                                            mebibytes(estimate.scratchBytes()),
                                            mebibytes(machineBytes))
                            + "choose a smaller model, --precision int8, or a smaller --kv-cache-memory-bytes");
        }
    }

    private static String mebibytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20) + " MiB";
    }
}
