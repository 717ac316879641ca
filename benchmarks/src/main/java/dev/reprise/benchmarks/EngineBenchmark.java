package dev.reprise.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.reprise.engine.local.model.ComputeException;
import dev.reprise.engine.local.model.LlamaModel;
import dev.reprise.engine.local.model.LlamaRunner;
import dev.reprise.engine.local.model.RunnerOptions;
import dev.reprise.engine.local.model.StepBatch;
import dev.reprise.engine.local.model.StepBatch.Segment;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.runtime.RandomSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tokens per second of the embedded engine's forward step, without scheduler and text: prefill of 512 tokens, decode of
 * one and of 16 sequences at context 512, for each precision; per second of wall time and of CPU time, best and median
 * of the repetitions.
 *
 * <p>Arguments, all optional: {@code --model FOLDER} (default: a random model of 254 million weights, written once to
 * the temporary folder), {@code --threads N} (default: all processors), {@code --precision f32|int8} (default: both),
 * {@code --write-only}.
 */
public final class EngineBenchmark {
    private static final int CONTEXT = 512;
    private static final int BATCH = 16;
    private static final int WARM_UPS = 3;
    private static final int REPETITIONS = 5;
    private static final int DECODE_STEPS = 16;
    private static final RunnerOptions OPTIONS = new RunnerOptions(32, BATCH * 20, 1_024, CONTEXT);
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final LlamaRunner runner;
    private final float[] logits;
    private final RandomSource random = new RandomSource(1);

    private EngineBenchmark(LlamaRunner runner) {
        this.runner = runner;
        this.logits = new float[BATCH * runner.vocabularySize()];
    }

    /** Measures and prints one line for each case. */
    public static void main(String[] args) throws Exception {
        Path folder = null;
        int threads = Runtime.getRuntime().availableProcessors();
        List<Precision> precisions = List.of(Precision.values());
        boolean writeOnly = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--model" -> folder = Path.of(args[++i]);
                case "--threads" -> threads = Integer.parseInt(args[++i]);
                case "--precision" -> precisions = List.of(Precision.valueOf(args[++i].toUpperCase(Locale.ROOT)));
                case "--write-only" -> writeOnly = true;
                default -> throw new IllegalArgumentException("unknown argument " + args[i]);
            }
        }
        Path model = folder == null ? Path.of(System.getProperty("java.io.tmpdir"), "reprise-random-254m") : folder;
        writeIfAbsent(model);
        if (!writeOnly) {
            for (Precision precision : precisions) {
                measure(model, precision, threads);
            }
        }
    }

    private static void writeIfAbsent(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("config.json"))) {
            Path unfinished = folder.resolveSibling(folder.getFileName() + ".unfinished");
            RandomModel.M254.write(unfinished, 254);
            Files.move(unfinished, folder);
        }
        System.out.println("model " + folder);
    }

    private static void measure(Path folder, Precision precision, int threads) throws Exception {
        long started = System.nanoTime();
        try (ComputePool pool = new ComputePool(threads);
                LlamaModel model = LlamaModel.load(folder, precision, Kernels.best(), pool);
                LlamaRunner runner = new LlamaRunner(model, OPTIONS)) {
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d threads, %s kernels, loaded in %.1f s%n",
                    precision.label(),
                    threads,
                    model.kernels().name(),
                    (System.nanoTime() - started) / 1e9);
            EngineBenchmark benchmark = new EngineBenchmark(runner);
            benchmark.report("prefill 512", CONTEXT, () -> benchmark.prefill(0));
            for (int sequence = 0; sequence < BATCH; sequence++) {
                benchmark.prefill(sequence);
            }
            benchmark.report("decode 1 at 512", DECODE_STEPS, () -> benchmark.decode(1));
            benchmark.report("decode 16 at 512", DECODE_STEPS * BATCH, () -> benchmark.decode(BATCH));
        }
    }

    private int[] table(int sequence) {
        int[] table = new int[20];
        for (int i = 0; i < table.length; i++) {
            table[i] = i * BATCH + sequence;
        }
        return table;
    }

    private int[] tokens(int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = random.nextInt(runner.vocabularySize());
        }
        return tokens;
    }

    private void prefill(int sequence) throws ComputeException {
        runner.step(new StepBatch(List.of(new Segment(tokens(CONTEXT), 0, table(sequence), 1))), logits);
    }

    private void decode(int sequences) throws ComputeException {
        for (int step = 0; step < DECODE_STEPS; step++) {
            List<Segment> segments = new ArrayList<>();
            for (int sequence = 0; sequence < sequences; sequence++) {
                segments.add(new Segment(tokens(1), CONTEXT + step, table(sequence), 1));
            }
            runner.step(new StepBatch(segments), logits);
        }
    }

    /** What is measured. */
    @FunctionalInterface
    private interface Work {
        void run() throws ComputeException;
    }

    private void report(String name, int tokens, Work work) throws ComputeException {
        List<Double> wall = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int i = 0; i < WARM_UPS + REPETITIONS; i++) {
            long cpuBefore = PROCESS.getProcessCpuTime();
            long before = System.nanoTime();
            work.run();
            if (i >= WARM_UPS) {
                wall.add(tokens * 1e9 / (System.nanoTime() - before));
                cpu.add(tokens * 1e9 / (PROCESS.getProcessCpuTime() - cpuBefore));
            }
        }
        wall.sort(null);
        cpu.sort(null);
        System.out.printf(
                Locale.ROOT,
                "  %-18s tokens/s best %7.1f median %7.1f   tokens/CPU-second best %7.1f median %7.1f%n",
                name,
                wall.getLast(),
                wall.get(REPETITIONS / 2),
                cpu.getLast(),
                cpu.get(REPETITIONS / 2));
    }
}
