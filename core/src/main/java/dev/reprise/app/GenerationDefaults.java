package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import dev.reprise.server.DefaultSampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads how a model's generation_config.json wants it sampled. */
final class GenerationDefaults {
    private static final String FILE = "generation_config.json";

    private GenerationDefaults() {}

    static DefaultSampling read(Path folder) throws CliFailure {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return DefaultSampling.NEUTRAL;
        }
        try {
            return from(JsonMapper.shared().readTree(Files.readAllBytes(file)));
        } catch (IOException | RuntimeException e) {
            throw new CliFailure(file + " cannot be used: " + e.getMessage());
        }
    }

    /** A model that says {@code do_sample: false} is greedy; its temperature, if any, is for those who sample. */
    private static DefaultSampling from(JsonNode config) {
        DefaultSampling neutral = DefaultSampling.NEUTRAL;
        boolean sample = config.path("do_sample").asBoolean(true);
        return new DefaultSampling(
                sample ? config.path("temperature").asDouble(neutral.temperature()) : 0,
                config.path("top_p").asDouble(neutral.topP()),
                config.path("top_k").asInt(neutral.topK()));
    }
}
