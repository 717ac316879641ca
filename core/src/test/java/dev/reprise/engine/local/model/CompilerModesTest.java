package dev.reprise.engine.local.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Interpreter, first and second compiler, with and without vectors: one set of bits for each precision. The long class
 * path on the command line also shows that the runtime starts under one.
 */
@Timeout(120)
class CompilerModesTest {
    @TempDir
    Path folder;

    @Test
    void everyModeGivesTheSameBits() throws Exception {
        Path model = TinyModel.ODD.write(folder, 12);
        Set<String> interpreted = run(model, 1, "-Xint");
        assertThat(interpreted).hasSize(2);
        assertThat(run(model, 6, "-XX:TieredStopAtLevel=1")).isEqualTo(interpreted);
        assertThat(run(model, 12, "-Xbatch")).isEqualTo(interpreted);
        assertThat(run(model, 6, "-XX:UseAVX=2")).isEqualTo(interpreted);
    }

    /** The distinct lines that {@link LogitsDigest} prints. */
    private Set<String> run(Path model, int repeats, String mode) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(mode, "-XX:+IgnoreUnrecognizedVMOptions", "-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LogitsDigest.class.getName()));
        command.addAll(List.of(model.toString(), "20", Integer.toString(repeats)));
        Path errors = folder.resolve("errors.txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s%n%s", output, Files.readString(errors))
                .isZero();
        return new LinkedHashSet<>(output.lines().toList());
    }
}
