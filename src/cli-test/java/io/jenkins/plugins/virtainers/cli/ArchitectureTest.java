package io.jenkins.plugins.virtainers.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Arrows point down, and at the engine; rooms are of a size that one knows one's way about in. */
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.virtainers";
    private static final String ENGINE = ROOT + ".engine..";
    private static final String DOCKER = ROOT + ".docker..";
    private static final String SSH = ROOT + ".ssh..";
    private static final String SERVE = ROOT + ".serve..";
    private static final String CLI = ROOT + ".cli..";

    /** Every package, from the ground up: what stands in one knows those before it, itself, and no other. */
    private static final List<String> FLOORS = Stream.of(
                    ".engine.failure",
                    ".engine.io",
                    ".engine.agent",
                    ".engine.spec",
                    ".engine.host",
                    ".engine.guest",
                    ".engine.errand",
                    ".engine.image",
                    ".engine.network",
                    ".engine.template",
                    ".engine.boot",
                    ".engine",
                    ".docker.dial",
                    ".docker",
                    ".ssh",
                    // Jenkins
                    ".forms",
                    ".credentials",
                    ".status",
                    "",
                    ".fleet",
                    ".waiting",
                    ".cleanup",
                    ".agent",
                    ".provisioning",
                    ".pipeline",
                    ".upkeep",
                    ".pages",
                    // the command
                    ".serve",
                    ".cli.terminal",
                    ".cli.engine",
                    ".cli.options",
                    ".cli.copy",
                    ".cli.machine",
                    ".cli.image",
                    ".cli.bench",
                    ".cli.jenkins",
                    ".cli")
            .map(room -> ROOT + room)
            .toList();

    private static final String[] JENKINS_FACE = FLOORS.subList(
                    FLOORS.indexOf(ROOT + ".forms"), FLOORS.indexOf(ROOT + ".pages") + 1)
            .toArray(String[]::new);

    private static final int MOST_TYPES = 20;
    private static final int MOST_LINES = 500;

    private static JavaClasses classes;

    @BeforeAll
    static void read() throws Exception {
        Path built = Path.of(VmEngine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path jenkinsFace = built.resolveSibling("jenkins-face");
        assertTrue(Files.isDirectory(jenkinsFace), "the Jenkins face was not compiled: " + jenkinsFace);
        classes = new ClassFileImporter()
                .importPaths(built, jenkinsFace)
                .that(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "of this project", type -> type.getPackageName().startsWith(ROOT)));
    }

    @Test
    void everyPackageHasItsFloor() {
        assertEquals(
                new TreeSet<>(FLOORS),
                classes.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void noArrowClimbs() {
        List<String> climbing = classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(arrow -> {
                    int from = FLOORS.indexOf(arrow.getOriginClass().getPackageName());
                    int to = FLOORS.indexOf(
                            arrow.getTargetClass().getBaseComponentType().getPackageName());
                    return to > from;
                })
                .map(arrow -> arrow.getOriginClass().getName() + " -> "
                        + arrow.getTargetClass().getName())
                .distinct()
                .sorted()
                .toList();
        assertEquals(List.of(), climbing);
    }

    @Test
    void noPackageIsTooLargeToKnow() {
        Map<String, Long> types = classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        types.values().removeIf(number -> number <= MOST_TYPES);
        assertEquals(Map.of(), types);
    }

    @Test
    void noFileIsTooLongToRead() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("src/main", "src/cli/java")) {
            try (Stream<Path> found = Files.walk(Path.of(folder))) {
                found.filter(Files::isRegularFile).forEach(sources::add);
            }
        }
        assertTrue(sources.size() > 200, sources.toString());
        assertEquals(
                List.of(),
                sources.stream().filter(file -> lines(file).size() > MOST_LINES).toList());
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        assertEquals(
                List.of(),
                FLOORS.stream()
                        .map(room -> room.replace('.', '/') + "/package-info.java")
                        .filter(about -> Stream.of("src/main/java", "src/cli/java")
                                .map(sources -> Path.of(sources, about))
                                .noneMatch(file ->
                                        Files.exists(file) && lines(file).get(0).startsWith("/**")))
                        .toList());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void engineKnowsNothingOfTheOutside() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        DOCKER,
                        SSH,
                        SERVE,
                        CLI,
                        "com.github.dockerjava..",
                        "com.trilead..",
                        "hudson..",
                        "jenkins..",
                        "org.kohsuke..",
                        "picocli..")
                .check(classes);
    }

    @Test
    void onlyTheDockerAdapterKnowsDocker() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DOCKER)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.dockerjava..")
                .check(classes);
    }

    @Test
    void onlyTheSshAdapterKnowsSsh() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SSH)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.trilead..")
                .check(classes);
    }

    @Test
    void theServerKnowsTheEngineAloneAndNobodyElseKnowsHttpServers() {
        noClasses()
                .that()
                .resideInAPackage(SERVE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DOCKER, SSH)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(JENKINS_FACE)
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(classes);
    }

    @Test
    void theCommandLineAndJenkinsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JENKINS_FACE)
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLI, "picocli..")
                .check(classes);
    }

    @Test
    void adaptersDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(SSH)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DOCKER)
                .check(classes);
    }
}
