package dev.reprise.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the code against the table of layers in {@code layers.csv}, the same as in ARCHITECTURE.md. */
class ArchitectureTest {
    private static final String ROOT = "dev.reprise";
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private final Map<String, Integer> layers = readLayers();

    @Test
    void dependenciesPointStrictlyDownwards() {
        List<String> violations = new ArrayList<>();
        for (JavaClass origin : PRODUCTION) {
            String from = component(origin.getPackageName()).orElseThrow();
            origin.getDirectDependenciesFromSelf().forEach(dependency -> {
                String targetPackage = dependency.getTargetClass().getPackageName();
                if (!targetPackage.startsWith(ROOT)) {
                    return;
                }
                String to = component(targetPackage).orElseThrow();
                boolean inside = from.equals(to);
                if (!inside && layers.get(to) >= layers.get(from)) {
                    violations.add(dependency.getDescription());
                }
            });
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void everyPackageHasALayer() {
        TreeSet<String> unknown = new TreeSet<>();
        for (JavaClass origin : PRODUCTION) {
            if (component(origin.getPackageName()).isEmpty()) {
                unknown.add(origin.getPackageName());
            }
        }
        assertThat(unknown).as("packages without a row in layers.csv").isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        TreeSet<String> unmarked = new TreeSet<>();
        for (JavaClass origin : PRODUCTION) {
            JavaPackage javaPackage = origin.getPackage();
            if (!javaPackage.isAnnotatedWith(org.jspecify.annotations.NullMarked.class)) {
                unmarked.add(javaPackage.getName());
            }
        }
        assertThat(unmarked).isEmpty();
    }

    @Test
    void onlyHttpKnowsTheHttpLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.helidon..")
                .check(PRODUCTION);
    }

    @Test
    void onlyTokensHashes() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".tokens..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.dynatrace.hash4j..")
                .check(PRODUCTION);
    }

    @Test
    void timeAndRandomnessComeFromRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".runtime..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.Random.class, java.util.concurrent.ThreadLocalRandom.class, ThreadLocal.class)
                .check(PRODUCTION);
    }

    @Test
    void nothingSleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .check(PRODUCTION);
    }

    @Test
    void virtualThreadsLiveAtTheHttpEdgeAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".http..")
                .should()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                .orShould()
                .callMethod(java.util.concurrent.Executors.class, "newVirtualThreadPerTaskExecutor")
                .check(PRODUCTION);
    }

    @Test
    void noMethodOfThePortReturnsAFuture() {
        List<String> waiting = new ArrayList<>();
        for (var method : PRODUCTION.get(ROOT + ".engine.Engine").getMethods()) {
            if (method.getRawReturnType().isAssignableTo(java.util.concurrent.Future.class)) {
                waiting.add(method.getFullName());
            }
        }
        assertThat(waiting).isEmpty();
    }

    /** The longest row of the table that is the package or a parent of it. */
    private Optional<String> component(String packageName) {
        if (packageName.equals(ROOT)) {
            return Optional.empty();
        }
        String name = packageName.substring(ROOT.length() + 1);
        while (true) {
            if (layers.containsKey(name)) {
                return Optional.of(name);
            }
            int dot = name.lastIndexOf('.');
            if (dot < 0) {
                return Optional.empty();
            }
            name = name.substring(0, dot);
        }
    }

    private static Map<String, Integer> readLayers() {
        Map<String, Integer> layers = new LinkedHashMap<>();
        try (InputStream in = ArchitectureTest.class.getResourceAsStream("/layers.csv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> {
                        String[] cells = line.split(",", -1);
                        layers.put(cells[0].strip(), Integer.parseInt(cells[1].strip()));
                    });
        } catch (IOException e) {
            throw new IllegalStateException("layers.csv is unreadable", e);
        }
        return layers;
    }
}
