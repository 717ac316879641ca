package dev.reprise.app;

import dev.reprise.cli.CliFailure;
import dev.reprise.config.Configuration;
import dev.reprise.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder that is served.
 *
 * @param path absolute
 * @param name the model's name in the API
 * @param bundled whether it is the demonstration model that Reprise brings
 */
record ServedFolder(Path path, String name, boolean bundled) {
    private static final String HOME_PROPERTY = "reprise.home";
    private static final String BUNDLED = "models/demo";
    private static final String BUNDLED_NAME = "reprise-demo";

    /** The folder that is configured, or the bundled one. */
    static ServedFolder of(Configuration configuration) throws CliFailure {
        Optional<Path> given = configuration.find(Settings.MODEL_PATH);
        Path path = given.orElseGet(() -> Path.of(System.getProperty(HOME_PROPERTY, ""), BUNDLED))
                .toAbsolutePath()
                .normalize();
        if (!Files.exists(path)) {
            throw new CliFailure(path + " does not exist; give the folder of a model in Hugging Face format");
        }
        if (!Files.isRegularFile(path.resolve("config.json"))) {
            throw new CliFailure(path + " is not a model folder: it has no config.json");
        }
        String folderName = given.isEmpty() ? BUNDLED_NAME : String.valueOf(path.getFileName());
        String name = configuration.find(Settings.SERVED_MODEL_NAME).orElse(folderName);
        return new ServedFolder(path, name, given.isEmpty());
    }
}
