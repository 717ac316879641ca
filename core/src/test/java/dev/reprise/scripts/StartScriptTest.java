package dev.reprise.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.testing.TestFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs copies of the scripts as a user does, with JDKs and a Maven that only say what they were called with. */
class StartScriptTest {
    private static final String JAVA = """
            #!/bin/bash
            case "$*" in *rehearse*) echo trained; exit 0 ;; esac
            printf 'WARNING: Using incubator modules: jdk.incubator.vector\\n' >&2
            printf 'second line of java\\n' >&2
            printf 'java'
            printf ' CLASSPATH=<%s>' "$CLASSPATH"
            printf ' <%s>' "$@"
            printf '\\n'
            exit "${FAKE_EXIT:-0}"
            """;
    private static final String MAVEN = """
            #!/bin/bash
            if [ "$1" = -v ]; then echo "Apache Maven ${FAKE_MAVEN_VERSION:-3.9.9} (abc)"; exit 0; fi
            echo "MAVEN_OPTS=$MAVEN_OPTS ARGS=$*" >>"$MAVEN_CALLS"
            if [ -n "${FAKE_BROKEN:-}" ]; then
              echo '[INFO] compiling'; echo '[ERROR] A.java:[1,2] missing ;'; echo '[ERROR] -> [Help 1]'
              exit 1
            fi
            mkdir -p core/target/lib
            sleep "${FAKE_SECONDS:-0}"
            echo jar >core/target/reprise.jar
            echo lib >core/target/lib/a.jar
            """;

    @TempDir
    Path folder;

    private Path root;
    private Path jdk;
    private final Map<String, String> environment = new HashMap<>();

    private record Result(int exitCode, String out, String err) {}

    @BeforeEach
    void copyScripts() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
        root = Files.createDirectories(folder.resolve("a checkout"));
        for (String file : List.of("reprise", "build", "scripts/environment.sh", "pom.xml", "core/pom.xml")) {
            Path copy = root.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(TestFiles.root().resolve(file), copy);
        }
        Files.createDirectories(root.resolve("core/src/main"));
        Files.writeString(root.resolve("core/src/main/A.java"), "class A {}");
        jdk = fakeJdk("jdks/jdk-25", "25.0.1");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        executable(bin.resolve("mvn"), MAVEN);
        environment.put("PATH", bin + ":/usr/bin:/bin");
        environment.put("HOME", folder.toString());
        environment.put("REPRISE_JDK_FOLDERS", folder.resolve("jdks").toString());
        environment.put("MAVEN_CALLS", folder.resolve("maven.calls").toString());
    }

    @Test
    void theFirstStartBuildsAndTheSecondDoesNot() throws Exception {
        Result first = reprise("version", "--json");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.err()).contains("Building Reprise", "the first time");
        assertThat(first.out())
                .startsWith("java ")
                .contains("<--add-modules=jdk.incubator.vector>", "<dev.reprise.app.Main> <version> <--json>")
                .contains("CLASSPATH=<" + root + "/core/target/reprise.jar:" + root + "/core/target/lib/a.jar>")
                .contains("<-Dreprise.home=" + root + ">");
        Result second = reprise("version");
        assertThat(second.err()).isEqualTo("second line of java\n");
        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void newerSourcesAreBuiltAgain() throws Exception {
        reprise("version");
        Files.setLastModifiedTime(
                root.resolve("core/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(reprise("version").err()).contains("sources changed");
        assertThat(mavenCalls()).hasSize(2);
    }

    @Test
    void packagingLeavesNothingToBuild() throws Exception {
        assertThat(run(root, List.of("./build", "package")).exitCode()).isZero();
        assertThat(reprise("version").err()).doesNotContain("Building");
        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void aBrokenBuildShowsItsErrorsAndFails() throws Exception {
        environment.put("FAKE_BROKEN", "yes");
        Result result = reprise("version");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("A.java:[1,2] missing ;", "the build failed")
                .doesNotContain("Help 1");
        environment.remove("FAKE_BROKEN");
        assertThat(reprise("version").exitCode()).isZero();
    }

    @Test
    void twoStartsBuildOnce() throws Exception {
        environment.put("FAKE_SECONDS", "1");
        Process first = start(root, List.of("./reprise", "version"));
        Process second = start(root, List.of("./reprise", "version"));
        assertThat(finish(first).exitCode()).isZero();
        assertThat(finish(second).exitCode()).isZero();
        assertThat(mavenCalls()).hasSize(1);
        assertThat(root.resolve(".reprise/build.lock")).doesNotExist();
    }

    @Test
    void aLockLeftBehindIsTakenOver() throws Exception {
        Path lock = Files.createDirectories(root.resolve(".reprise/build.lock"));
        Files.writeString(lock.resolve("pid"), "999999999");
        assertThat(reprise("version").exitCode()).isZero();
    }

    @Test
    void aBuiltCheckoutMayBeReadOnly() throws Exception {
        reprise("version");
        Files.delete(root.resolve("core/target/reprise.aot.for"));
        assertThat(root.resolve("core/target").toFile().setWritable(false)).isTrue();
        assumeTrue(!Files.isWritable(root.resolve("core/target")), "this user may write everywhere");
        Result result = reprise("version");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEqualTo("second line of java\n");
    }

    @Test
    void mavensOptionsAreKept() throws Exception {
        environment.put("MAVEN_OPTS", "-Dmaven.repo.local=/somewhere");
        reprise("version");
        assertThat(mavenCalls().getFirst()).contains("MAVEN_OPTS=-Dmaven.repo.local=/somewhere ");
    }

    @Test
    void worksFromAnywhereAndThroughLinks() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("else where"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), Path.of("../a checkout/reprise"));
        Path second = Files.createSymbolicLink(folder.resolve("second"), link);
        Result result = run(elsewhere, List.of(second.toString(), "version"));
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("<-Dreprise.home=" + root + ">");
    }

    @Test
    void theExitCodeIsJavas() throws Exception {
        environment.put("FAKE_EXIT", "3");
        assertThat(reprise("version").exitCode()).isEqualTo(3);
    }

    @Test
    void theUsersJavaOptionsAreAdded() throws Exception {
        environment.put("REPRISE_JAVA_OPTS", "-Xmx1g -Da=b");
        assertThat(reprise("version").out()).contains("<-Xmx1g> <-Da=b>");
    }

    @Test
    void anExplicitJdkMustBeNewEnough() throws Exception {
        environment.put("REPRISE_JAVA_HOME", fakeJdk("old", "21.0.2").toString());
        Result old = reprise("version");
        assertThat(old.exitCode()).isEqualTo(1);
        assertThat(old.err()).contains("REPRISE_JAVA_HOME", "which is Java 21", "JDK 25 or newer");
        environment.put("REPRISE_JAVA_HOME", folder.resolve("nothing").toString());
        assertThat(reprise("version").err()).contains("which is not a JDK");
    }

    @Test
    void anOldJavaHomeIsPassedOver() throws Exception {
        environment.put("JAVA_HOME", fakeJdk("old", "17").toString());
        Result result = reprise("version");
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void versionsWithoutReleaseFileAreAsked() throws Exception {
        Files.delete(jdk.resolve("release"));
        executable(jdk.resolve("bin/java"), "#!/bin/bash\necho 'openjdk version \"26-ea\" 2026' >&2\n");
        assertThat(reprise("version").err()).doesNotContain("needs a JDK");
    }

    @Test
    void withoutJdkItSaysWhatToInstall() throws Exception {
        Files.delete(jdk.resolve("release"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"24.0.1\"\n");
        environment.put("PATH", folder.resolve("bin") + ":" + pathWithoutJava());
        Result result = reprise("version");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains(
                        "needs a JDK 25 or newer; found only Java 24",
                        "apt install",
                        "brew install",
                        "REPRISE_JAVA_HOME");
    }

    @Test
    void anOldMavenIsRefused() throws Exception {
        environment.put("FAKE_MAVEN_VERSION", "3.6.3");
        environment.put("REPRISE_MAVEN_FILES", folder.resolve("nothing").toString());
        environment.put("PATH", folder.resolve("bin") + ":" + pathWithoutJava());
        Result result = reprise("version");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("needs Maven 3.8 or newer");
    }

    @Test
    void buildListsItsVerbs() throws Exception {
        Result result = run(root, List.of("./build"));
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("package", "test", "soak", "interop", "bench NAME", "docs", "format");
        assertThat(run(root, List.of("./build", "tset")).exitCode()).isEqualTo(2);
    }

    @Test
    void testRunsMavensTestsAndPassesItsExitCodeOn() throws Exception {
        assertThat(run(root, List.of("./build", "test")).exitCode()).isZero();
        assertThat(mavenCalls().getFirst()).endsWith("ARGS=-B -ntp test");
        environment.put("FAKE_BROKEN", "yes");
        assertThat(run(root, List.of("./build", "test")).exitCode()).isEqualTo(1);
    }

    /** The tools that the scripts call, without a Java beside them. */
    private String pathWithoutJava() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of(
                "bash",
                "cat",
                "cksum",
                "dirname",
                "basename",
                "find",
                "grep",
                "head",
                "mkdir",
                "mv",
                "readlink",
                "rm",
                "sed",
                "sleep",
                "tee",
                "touch")) {
            for (Path place : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
                if (Files.exists(place.resolve(tool)) && !Files.exists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), place.resolve(tool));
                }
            }
        }
        return tools.toString();
    }

    private Path fakeJdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/java"), JAVA);
        executable(home.resolve("bin/javac"), "#!/bin/bash\n");
        return home;
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private List<String> mavenCalls() throws IOException {
        Path calls = folder.resolve("maven.calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private Result reprise(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("./reprise"));
        command.addAll(List.of(arguments));
        return run(root, command);
    }

    private Result run(Path directory, List<String> command) throws Exception {
        return finish(start(directory, command));
    }

    private Process start(Path directory, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Result finish(Process process) throws Exception {
        process.getOutputStream().close();
        var err = new java.util.concurrent.FutureTask<>(
                () -> text(process.getErrorStream().readAllBytes()));
        Thread.ofVirtual().start(err);
        String out = text(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, err.get());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
