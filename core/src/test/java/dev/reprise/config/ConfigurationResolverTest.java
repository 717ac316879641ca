package dev.reprise.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationResolverTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("reprise.yaml");
    }

    @Test
    void withoutInputsEverythingIsTheDefault() {
        Configuration configuration = valid(Optional.empty(), Map.of(), List.of());
        assertThat(configuration.entries()).allMatch(entry -> entry.origin() instanceof Origin.Default);
        assertThat(configuration.get(Settings.PORT)).isEqualTo(8000);
        assertThat(configuration.find(Settings.API_KEY)).isEmpty();
    }

    @Test
    void fileValuesKnowTheirLine() {
        Configuration configuration = valid("server:\n  port: 9000\n  shutdown_grace: 500ms\nengine:\n  threads: 3\n");
        assertThat(configuration.get(Settings.PORT)).isEqualTo(9000);
        assertThat(configuration.get(Settings.SHUTDOWN_GRACE)).isEqualTo(Duration.ofMillis(500));
        assertThat(configuration.find(Settings.THREADS)).hasValue(3);
        assertThat(configuration.entry(Settings.THREADS).origin()).hasToString(file + ":5");
    }

    @Test
    void flagsWinOverEnvironmentAndThatOverFile() throws IOException {
        Files.writeString(file, "server:\n  port: 1\n  host: 127.0.0.2\nengine:\n  threads: 1\n");
        Map<String, String> environment = Map.of("REPRISE_SERVER_PORT", "2", "REPRISE_SERVER_HOST", "127.0.0.3");
        List<FlagValue> flags = List.of(new FlagValue(Settings.PORT, "--port", "3"));
        Configuration configuration = valid(Optional.of(file), environment, flags);
        assertThat(configuration.get(Settings.PORT)).isEqualTo(3);
        assertThat(configuration.entry(Settings.PORT).origin()).hasToString("--port");
        assertThat(configuration.get(Settings.HOST)).isEqualTo("127.0.0.3");
        assertThat(configuration.entry(Settings.HOST).origin()).hasToString("REPRISE_SERVER_HOST");
        assertThat(configuration.find(Settings.THREADS)).hasValue(1);
    }

    @Test
    void allProblemsAreReportedAtOnce() throws IOException {
        Files.writeString(file, "server:\n  prot: 9000\n  host: 127.0.0.1\nengine:\n  block_size: 0\nzebra: 1\n");
        List<String> problems = problems(
                Optional.of(file),
                Map.of("REPRISE_ENGINE_THREDS", "4", "REPRISE_SERVER_MAX_BODY", "1.5GiB"),
                List.of(new FlagValue(Settings.SHUTDOWN_GRACE, "--shutdown-grace", "25")));
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        file + ":2: unknown key server.prot; did you mean server.port?",
                        "engine.block_size (" + file
                                + ":5): '0' is out of range; give a multiple of 16 from 16 to 1024",
                        file + ":6: unknown key zebra; remove it",
                        "unknown environment variable REPRISE_ENGINE_THREDS; did you mean REPRISE_ENGINE_THREADS?",
                        "server.max_body (REPRISE_SERVER_MAX_BODY): '1.5GiB' is not a size in bytes;"
                                + " give a size from 1KiB to 1GiB, such as 65536, 512MiB or 4GiB",
                        "server.shutdown_grace (--shutdown-grace): '25' has no unit of time (ms, s, m or h);"
                                + " give a duration from 0s to 24h, such as 500ms, 25s, 10m or 2h");
    }

    @Test
    void aWrongValueIsReportedEvenWhenAnotherSourceWins() throws IOException {
        Files.writeString(file, "server:\n  port: x\n");
        assertThat(problems(Optional.of(file), Map.of(), List.of(new FlagValue(Settings.PORT, "--port", "1"))))
                .hasSize(1);
    }

    @Test
    void variablesAreReplacedInTheFileAlone() throws IOException {
        Files.writeString(file, "auth:\n  api_key: a-${KEY}-$${KEY}\n");
        Configuration configuration =
                valid(Optional.of(file), Map.of("KEY", "b", "REPRISE_MODEL_SERVED_MODEL_NAME", "${KEY}"), List.of());
        assertThat(configuration.find(Settings.API_KEY)).hasValue("a-b-${KEY}");
        assertThat(configuration.find(Settings.SERVED_MODEL_NAME)).hasValue("${KEY}");
    }

    @Test
    void missingVariablesAreNamed() {
        assertThat(problems("auth:\n  api_key: ${NOT_THERE}\n"))
                .containsExactly(file + ":2: auth.api_key needs the environment variable NOT_THERE, which is not set;"
                        + " set NOT_THERE");
    }

    @Test
    void secretsAreNeitherShownNorRepeatedInProblems() {
        Configuration configuration = valid("auth:\n  api_key: hunter2\n");
        assertThat(configuration.entry(Settings.API_KEY).shown()).isEqualTo("(redacted)");
        assertThat(problems("auth:\n  api_key: '  '\n").toString()).doesNotContain("'  '");
    }

    @Test
    void emptyEnvironmentVariablesCountAsNotSet() {
        Configuration configuration = valid(Optional.empty(), Map.of("REPRISE_SERVER_PORT", ""), List.of());
        assertThat(configuration.get(Settings.PORT)).isEqualTo(8000);
    }

    @Test
    void variablesOfTheStartScriptAndOfKubernetesServicesAreNotSettings() {
        Map<String, String> environment = Map.of(
                "REPRISE_JAVA_HOME", "/jdk",
                "REPRISE_CONFIG", "x.yaml",
                "REPRISE_PORT", "tcp://10.0.0.1:8000",
                "REPRISE_SERVICE_HOST", "10.0.0.1",
                "REPRISE_SERVICE_PORT_HTTP", "8000",
                "REPRISE_PORT_8000_TCP_ADDR", "10.0.0.1");
        valid(Optional.empty(), environment, List.of());
    }

    @Test
    void aKeyGivenTwiceIsRefused() {
        assertThat(problems("server:\n  port: 1\nengine:\n  threads: 1\nserver.port: 2\n"))
                .containsExactly(file + ":5: server.port was given before, at line 2; remove one of them");
    }

    @Test
    void listsNothingAndAnchorsAreRefused() {
        assertThat(problems("server:\n  port: [1, 2]\n  host:\n"))
                .containsExactly(
                        file + ":2: server.port must have one value; give a value or remove the line",
                        file + ":3: server.host must have one value; give a value or remove the line");
        assertThat(problems("server: &a\n  port: 1\n"))
                .containsExactly(file + ":1: anchors are not supported; write the values out");
        assertThat(problems("- 1\n")).hasSize(1);
    }

    @Test
    void brokenYamlNamesTheLine() {
        assertThat(problems("server:\n  port: 'x\n"))
                .singleElement()
                .asString()
                .startsWith(file + ":")
                .contains("not YAML");
    }

    @Test
    void aMissingFileIsAProblem() {
        assertThat(problems(Optional.of(folder.resolve("absent.yaml")), Map.of(), List.of()))
                .singleElement()
                .asString()
                .contains("absent.yaml does not exist", "REPRISE_CONFIG");
    }

    @Test
    void anEmptyFileIsNoProblem() {
        valid("");
        valid("# nothing yet\n");
    }

    private Configuration valid(String yaml) {
        write(yaml);
        return valid(Optional.of(file), Map.of(), List.of());
    }

    private List<String> problems(String yaml) {
        write(yaml);
        return problems(Optional.of(file), Map.of(), List.of());
    }

    private void write(String yaml) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Configuration valid(Optional<Path> file, Map<String, String> environment, List<FlagValue> flags) {
        Resolution resolution = resolve(file, environment, flags);
        assertThat(resolution).isInstanceOf(Resolution.Valid.class);
        return ((Resolution.Valid) resolution).configuration();
    }

    private static List<String> problems(Optional<Path> file, Map<String, String> environment, List<FlagValue> flags) {
        Resolution resolution = resolve(file, environment, flags);
        assertThat(resolution).isInstanceOf(Resolution.Invalid.class);
        return ((Resolution.Invalid) resolution)
                .problems().stream().map(Problem::toString).toList();
    }

    private static Resolution resolve(Optional<Path> file, Map<String, String> environment, List<FlagValue> flags) {
        return new ConfigurationResolver(Settings.SCHEMA).resolve(new ConfigurationInputs(file, environment, flags));
    }
}
