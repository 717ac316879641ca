package dev.reprise.engine.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.engine.local.model.StepBatch.Segment;
import dev.reprise.engine.local.model.kernel.ComputePool;
import dev.reprise.engine.local.model.kernel.VectorKernels;
import dev.reprise.engine.local.model.linear.Precision;
import dev.reprise.testing.TestFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tiny models with what transformers computed for them; {@code golden.py} beside them made both. */
class HuggingFaceTest {
    @ParameterizedTest
    @CsvSource({"gqa-f32", "tied-bf16", "mha-f16"})
    void f32LogitsEqualTheReference(String name) throws Exception {
        assertThat(worstDifference(name, Precision.F32)).isLessThan(1e-5);
    }

    /** Random weights are the hardest to quantize: nothing is redundant. */
    @ParameterizedTest
    @CsvSource({"gqa-f32", "tied-bf16", "mha-f16"})
    void int8LogitsAreCloseToTheReference(String name) throws Exception {
        assertThat(worstDifference(name, Precision.INT8)).isLessThan(0.05);
    }

    /** The bundled model on rendered chats, the likeliest tokens at chosen positions. */
    @Test
    void theBundledModelsLogitsEqualTheReference() throws Exception {
        JsonNode golden = new JsonMapper()
                .readTree(HuggingFaceTest.class.getResource("/demo/logits.json").openStream());
        try (ComputePool pool = new ComputePool(1);
                LlamaModel model = LlamaModel.load(TestFiles.demoModel(), Precision.F32, new VectorKernels(), pool);
                LlamaRunner runner = new LlamaRunner(model, new RunnerOptions(32, 64, 2_048, 1_024))) {
            int[] table = IntStream.range(0, 64).toArray();
            for (JsonNode prompt : golden.get("prompts")) {
                int[] tokens = prompt.get("ids")
                        .valueStream()
                        .mapToInt(JsonNode::intValue)
                        .toArray();
                float[] logits = new float[tokens.length * runner.vocabularySize()];
                runner.step(new StepBatch(List.of(new Segment(tokens, 0, table, tokens.length))), logits);
                assertTopLogits(prompt.get("positions"), logits, runner.vocabularySize());
            }
        }
    }

    private static void assertTopLogits(JsonNode positions, float[] logits, int vocabulary) {
        for (JsonNode position : positions) {
            int row = position.get("position").intValue();
            for (JsonNode entry : position.get("top")) {
                float actual = logits[row * vocabulary + entry.get(0).intValue()];
                assertThat((double) actual)
                        .as("position %d, token %s", row, entry.get(0))
                        .isCloseTo(entry.get(1).doubleValue(), within(1e-3));
            }
        }
    }

    /** The largest difference, relative to the largest logit. */
    private static double worstDifference(String name, Precision precision) throws Exception {
        Path folder =
                Path.of(HuggingFaceTest.class.getResource("/llama/" + name).toURI());
        JsonNode golden = new JsonMapper().readTree(Files.readAllBytes(folder.resolve("golden.json")));
        int[] tokens = new int[golden.get("tokens").size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = golden.get("tokens").get(i).intValue();
        }
        try (ComputePool pool = new ComputePool(1);
                LlamaModel model = LlamaModel.load(folder, precision, new VectorKernels(), pool);
                LlamaRunner runner = new LlamaRunner(model, new RunnerOptions(16, 4, 64, 64))) {
            float[] logits = new float[tokens.length * runner.vocabularySize()];
            runner.step(new StepBatch(List.of(new Segment(tokens, 0, new int[] {2, 0, 3}, tokens.length))), logits);
            return worst(golden, logits, runner.vocabularySize());
        }
    }

    private static double worst(JsonNode golden, float[] logits, int vocabulary) {
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < golden.get("rows").size(); i++) {
            int row = golden.get("rows").get(i).intValue();
            for (int id = 0; id < vocabulary; id++) {
                double expected = golden.get("logits").get(i).get(id).doubleValue();
                worst = Math.max(worst, Math.abs(logits[row * vocabulary + id] - expected));
                largest = Math.max(largest, Math.abs(expected));
            }
        }
        return worst / largest;
    }
}
