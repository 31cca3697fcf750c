package io.jenkins.plugins.virtainers.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Arrows point at the engine. */
class ArchitectureTest {
    private static final String ROOT = "io.jenkins.plugins.virtainers";
    private static final String ENGINE = ROOT + ".engine..";
    private static final String DOCKER = ROOT + ".docker..";
    private static final String SSH = ROOT + ".ssh..";
    private static final String SERVE = ROOT + ".serve..";
    private static final String CLI = ROOT + ".cli..";

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .importUrl(VmEngine.class.getProtectionDomain().getCodeSource().getLocation());
    }

    @Test
    void engineKnowsNothingOfTheOutside() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT,
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
                .resideInAnyPackage(ROOT, DOCKER, SSH)
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
    void nobodyKnowsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLI, "picocli..")
                .check(classes);
    }

    @Test
    void adaptersKnowTheEngineAlone() {
        noClasses()
                .that()
                .resideInAPackage(DOCKER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, SSH)
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage(SSH)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, DOCKER)
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
    }
}
