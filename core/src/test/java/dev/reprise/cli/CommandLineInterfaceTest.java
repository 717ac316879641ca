package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.config.Configuration;
import dev.reprise.config.Settings;
import dev.reprise.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandLineInterfaceTest {
    private final RecordingTerminal terminal = new RecordingTerminal("", false);
    private final List<Configuration> served = new ArrayList<>();

    @Test
    void serveGetsTheResolvedConfiguration() throws InterruptedException {
        assertThat(run(Map.of("REPRISE_ENGINE_THREADS", "2"), "serve", "/models/x", "--port", "9000", "--no-auth"))
                .isZero();
        Configuration configuration = served.getFirst();
        assertThat(configuration.find(Settings.MODEL_PATH)).hasValue(Path.of("/models/x"));
        assertThat(configuration.get(Settings.PORT)).isEqualTo(9000);
        assertThat(configuration.get(Settings.NO_AUTH)).isTrue();
        assertThat(configuration.find(Settings.THREADS)).hasValue(2);
    }

    @Test
    void switchesCanBeTurnedOff() throws InterruptedException {
        assertThat(run("serve", "--no-enable-prefix-caching")).isZero();
        assertThat(served.getFirst().get(Settings.ENABLE_PREFIX_CACHING)).isFalse();
    }

    @Test
    void theConfigurationFileIsNamedByFlagOrEnvironment(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a b.yaml"), "server:\n  port: 9001\n");
        Path other = Files.writeString(folder.resolve("other.yaml"), "server:\n  port: 9002\n");
        run(Map.of("REPRISE_CONFIG", file.toString()), "serve");
        run(Map.of("REPRISE_CONFIG", file.toString()), "serve", "--config", other.toString());
        assertThat(served).extracting(c -> c.get(Settings.PORT)).containsExactly(9001, 9002);
    }

    @Test
    void unknownFlagsAndVerbsGetTheNearestMatchAndExitCode2() throws InterruptedException {
        assertThat(run("serve", "--prot", "9000")).isEqualTo(2);
        assertThat(run("sreve")).isEqualTo(2);
        assertThat(run("version", "--jsn")).isEqualTo(2);
        assertThat(run("version", "x")).isEqualTo(2);
        assertThat(terminal.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("'--prot'; did you mean --port?"),
                        line -> assertThat(line).contains("'sreve'; did you mean serve?"),
                        line -> assertThat(line).contains("'--jsn'; did you mean --json?"),
                        line -> assertThat(line).contains("unexpected argument 'x'"));
        assertThat(terminal.out()).isEmpty();
        assertThat(served).isEmpty();
    }

    @Test
    void wrongValuesAreOneLineEachAndExitCode2() throws InterruptedException {
        assertThat(run("serve", "--port", "70000", "--block-size", "x", "--shutdown-grace"))
                .isEqualTo(2);
        assertThat(run("serve", "--port", "70000", "--block-size", "x")).isEqualTo(2);
        assertThat(run("serve", "--host", "0.0.0.0")).isEqualTo(2);
        assertThat(run("serve", "a", "--model", "b")).isEqualTo(2);
        assertThat(run("serve", "--port", "1", "--port", "2")).isEqualTo(2);
        assertThat(terminal.err().lines()).hasSize(6).allMatch(line -> line.startsWith("reprise: "));
    }

    @Test
    void failuresAreOneLineAndExitCode1() throws InterruptedException {
        Application failing = new Application() {
            @Override
            public int serve(Configuration configuration, Terminal ignored) throws CliFailure {
                throw new CliFailure("port 8000 is in use");
            }

            @Override
            public int rehearse(Configuration configuration, Terminal ignored) {
                return 0;
            }
        };
        int code =
                new CommandLineInterface(Settings.SCHEMA, Map.of(), failing, terminal.terminal()).run(List.of("serve"));
        assertThat(code).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("reprise: port 8000 is in use" + System.lineSeparator());
    }

    @Test
    void withoutVerbTheUsageGoesToStandardError() throws InterruptedException {
        assertThat(run()).isEqualTo(2);
        assertThat(terminal.err())
                .contains("serve", "chat", "config", "version")
                .doesNotContain("rehearse");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void helpIsAskedForInManyWays() throws InterruptedException {
        assertThat(run("--help")).isZero();
        assertThat(run("help")).isZero();
        assertThat(run("help", "serve")).isZero();
        assertThat(run("serve", "-h")).isZero();
        assertThat(run("--version")).isZero();
        assertThat(terminal.out())
                .contains("Usage: reprise serve", "--max-num-seqs", "reprise " + ProductVersion.CURRENT);
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void everyVerbHasExamplesAndAllOfThemParse() {
        CommandLineInterface commands = commands(Map.of());
        assertThat(commands.examples()).hasSizeGreaterThan(8);
        TreeSet<String> verbs = new TreeSet<>();
        for (String example : commands.examples()) {
            List<String> words = words(example);
            assertThat(words.getFirst()).isEqualTo("reprise");
            verbs.add(words.get(1));
            commands.check(words.subList(1, words.size()));
        }
        assertThat(verbs).containsExactly("chat", "config", "serve", "version");
    }

    @Test
    void versionPrintsOneDocument() throws InterruptedException {
        assertThat(run("version", "--json")).isZero();
        JsonNode document = JsonMapper.shared().readTree(terminal.out());
        assertThat(document.path("version").asString()).isEqualTo(ProductVersion.CURRENT);
        assertThat(document.propertyNames()).allMatch(name -> name.matches("[a-z_]+"));
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void theVersionIsThatOfTheBuild() throws IOException {
        assertThat(Files.readString(TestFiles.root().resolve("pom.xml")))
                .contains("<revision>" + ProductVersion.CURRENT + "</revision>");
    }

    @Test
    void explainShowsValueSourceAndMeaningButNoSecrets() throws InterruptedException {
        Map<String, String> environment = Map.of("REPRISE_AUTH_API_KEY", "hunter2");
        assertThat(run(environment, "config", "--explain", "--port", "9000")).isZero();
        assertThat(terminal.out())
                .containsPattern("server.port = 9000 +from --port")
                .containsPattern("auth.api_key = \\(redacted\\) +from REPRISE_AUTH_API_KEY")
                .contains("Port to listen on", "REPRISE_SERVER_PORT")
                .doesNotContain("hunter2");
    }

    @Test
    void configPrintsOneDocument() throws InterruptedException {
        assertThat(run(Map.of("REPRISE_AUTH_API_KEY", "hunter2"), "config", "--json"))
                .isZero();
        JsonNode settings = JsonMapper.shared().readTree(terminal.out()).path("settings");
        assertThat(settings.size()).isEqualTo(Settings.SCHEMA.settings().size());
        assertThat(terminal.out()).doesNotContain("hunter2");
        for (JsonNode setting : settings) {
            if (setting.path("key").asString().equals("server.port")) {
                assertThat(setting.path("value").asInt()).isEqualTo(8000);
            }
        }
    }

    @Test
    void configReportsBrokenRules() throws InterruptedException {
        assertThat(run("config", "--host", "0.0.0.0")).isEqualTo(2);
        assertThat(terminal.err()).contains("--no-auth");
    }

    @Test
    void generatedPagesAreCurrent() throws IOException {
        Map<String, String> pages = commands(Map.of()).referencePages(Settings.SCHEMA);
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Path checkedIn = TestFiles.root().resolve("docs/reference").resolve(page.getKey());
            assertThat(Files.readString(checkedIn)).as("run ./build docs").isEqualTo(page.getValue());
        }
    }

    private int run(String... arguments) throws InterruptedException {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) throws InterruptedException {
        return commands(environment).run(List.of(arguments));
    }

    private CommandLineInterface commands(Map<String, String> environment) {
        Application application = new Application() {
            @Override
            public int serve(Configuration configuration, Terminal ignored) {
                served.add(configuration);
                return 0;
            }

            @Override
            public int rehearse(Configuration configuration, Terminal ignored) {
                return 0;
            }
        };
        return new CommandLineInterface(Settings.SCHEMA, environment, application, terminal.terminal());
    }

    /** Splits as a shell does, as far as the examples need it. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }
}
