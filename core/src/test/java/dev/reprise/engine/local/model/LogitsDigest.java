package dev.reprise.engine.local.model;

import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.Kernels;
import dev.reprise.engine.local.model.kernel.ScalarKernels;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.runtime.RandomSource;
import java.nio.file.Path;
import java.util.List;

/** Prints one digest of a model's logits for each precision and kernel; run in virtual machines of other modes. */
final class LogitsDigest {
    private LogitsDigest() {}

    /** Arguments: the model's folder, tokens, and how often to repeat the prompt before the digest is taken. */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        int repeats = Integer.parseInt(args[2]);
        try (ComputePool pool = new ComputePool(1)) {
            for (Precision precision : Precision.values()) {
                for (Kernels kernels : List.of(new VectorKernels(), new ScalarKernels())) {
                    try (LlamaModel model = LlamaModel.load(Path.of(args[0]), precision, kernels, pool)) {
                        System.out.println(precision.label() + " " + digest(model, count, repeats));
                    }
                }
            }
        }
    }

    private static String digest(LlamaModel model, int count, int repeats) throws ComputeException {
        int[] tokens =
                SequenceDriver.tokens(new RandomSource(4), count, model.config().vocabularySize());
        try (LlamaRunner runner = new LlamaRunner(model, new RunnerOptions(16, 16, 256, 64))) {
            SequenceDriver driver = new SequenceDriver(runner);
            float[] logits = driver.tokenByToken(tokens);
            for (int i = 1; i < repeats; i++) {
                logits = driver.randomSchedule(List.of(tokens), new RandomSource(i), 64)
                        .getFirst();
            }
            long digest = 1;
            for (int i = logits.length - model.config().vocabularySize(); i < logits.length; i++) {
                digest = digest * 31 + Float.floatToRawIntBits(logits[i]);
            }
            return Long.toHexString(digest);
        }
    }
}
