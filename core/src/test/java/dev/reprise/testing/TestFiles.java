package dev.reprise.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where tests find files outside the class path. */
public final class TestFiles {
    private TestFiles() {}

    /** The root of the checkout. */
    public static Path root() {
        String configured = System.getProperty("reprise.root");
        Path start = Path.of(configured == null ? "" : configured).toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("pom.xml")) && Files.isDirectory(at.resolve("core"))) {
                return at;
            }
        }
        throw new IllegalStateException("no checkout around " + start);
    }

    /** A file of the fixtures shared beside the checkout; the calling test is skipped where they are absent. */
    public static Path shared(String relative) {
        Path path = root().resolveSibling("shared").resolve(relative);
        assumeTrue(Files.exists(path), () -> "skipped: ../shared/" + relative + " is absent");
        return path;
    }

    /** The folder of the bundled model. */
    public static Path demoModel() {
        return root().resolve("models/demo");
    }
}
