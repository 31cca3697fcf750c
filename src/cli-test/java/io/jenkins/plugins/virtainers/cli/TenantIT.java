package io.jenkins.plugins.virtainers.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody whose image this host runs, and who means ill: nothing that others are restored from changes. Needs
 * virtainers/debian:12, and has its template made.
 */
class TenantIT extends CommandTest {
    private static final String IMAGE = "virtainers/debian:12";
    private static final String TENANT =
            "tenants/evil:" + ProcessHandle.current().pid();

    /** What shows that nobody wrote to a template, a line for each file; and what nobody should have made. */
    private static final String LOOK = "cd /templates && stat -c '%n %i %s %a %u %.9Y %.9Z' [0-9a-f]* [0-9a-f]*/*;"
            + " sha256sum [0-9a-f]*/sums | sed -E 's/(.*)  (.*)/\\2 \\1/'; ls -d /templates/owned /template-marks/owned 2>/dev/null";

    private List<String> templates;
    private List<String> volumes;

    @BeforeEach
    void look() throws Exception {
        assertEquals(0, start("warm", "debian:12").status());
        templates = templates();
        volumes = namelessVolumes();
        assertFalse(templates.isEmpty());
    }

    @AfterEach
    void nothingOfOthersHasChanged() throws Exception {
        List<String> now = templates();
        // Others make templates meanwhile, and room for them.
        List<String> changed = templates.stream()
                .filter(line -> !now.contains(line))
                .filter(line -> now.stream().anyMatch(other -> fileOf(other).equals(fileOf(line))))
                .toList();
        assertEquals(List.of(), changed);
        assertTrue(now.stream().noneMatch(line -> line.contains("owned")), now.toString());
        assertEquals(List.of(), lines(docker("ps", "-aq", "--filter", "ancestor=" + TENANT)));
        assertEquals(volumes, namelessVolumes(), "volumes left behind");
        docker("image", "rm", "--force", TENANT);
    }

    private static String fileOf(String line) {
        return line.split(" ", 2)[0];
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    /** Which no container has. */
    private List<String> namelessVolumes() throws IOException, InterruptedException {
        return docker("volume", "ls", "-q", "--filter", "dangling=true")
                .lines()
                .filter(name -> name.matches("[0-9a-f]{64}"))
                .sorted()
                .toList();
    }

    private List<String> templates() throws IOException, InterruptedException {
        return lines(inTemplates(LOOK));
    }

    /** Makes the tenant's image: debian:12, and what a shell in it does. */
    private void build(String... lines) throws Exception {
        StringBuilder file = new StringBuilder("FROM " + IMAGE + "\nUSER 0\n");
        for (String line : lines) {
            file.append(line).append('\n');
        }
        Files.writeString(directory.resolve("Dockerfile"), file);
        succeed("docker", "build", "--quiet", "--force-rm", "-t", TENANT, directory.toString());
    }

    @Test
    void anImageThatCallsItsDiskAnothersHasNoTemplate() throws Exception {
        build("RUN echo changed >>/guest/initrd");
        expect(
                Failure.IMAGE_CORRUPT.exitStatus(),
                "the image says that the sha256 of initrd is ",
                "warm",
                "--memory",
                "700M",
                TENANT);
    }

    @Test
    void whatAnImageSaysOfItsGuestIsNotRunByWhoMakesTemplates() throws Exception {
        build(
                "RUN echo 'touch /templates/owned /template-marks/owned; GUEST_USER=$(touch /templates/owned)' >>/guest/guest.env"
                        + " && echo changed >>/guest/vmlinuz");
        expect(Failure.IMAGE_CORRUPT.exitStatus(), "the image says that", "warm", TENANT);
    }

    @Test
    void anImageThatSaysEveryLineOfTheContractAndWritesEverywhereIsKeptByTheRuntime() throws Exception {
        String wanted = "0123456789abcdef0123456789abcdef";
        Files.writeString(directory.resolve("evil"), """
                #!/bin/bash
                for folder in /templates /images /guest /usr/lib/virtainers / /run/virtainers; do echo owned >"$folder/owned"; done
                for file in /templates/*/*; do echo owned >>"$file"; chmod 777 "$file"; done
                rm -rf /templates/*
                say() { echo "virtainers: +0.100s $*" >&2; }
                say "start: evil: 1 CPU, 64 MB"
                say "template: wanted %s"
                say "rung: direct: there is no template %s yet"
                say "provisioned: 0.1"
                say "ready: SSH answers on port 22"
                exec sleep 600
                """.formatted(wanted, wanted));
        build(
                "COPY --chown=0:0 evil /usr/lib/virtainers/entrypoint",
                "RUN chmod 755 /usr/lib/virtainers/entrypoint",
                "USER 1000");
        String name = name();
        CommandRun run = start("run", "--name", name, TENANT);
        // Which a guest's container cannot write to: it was the runtime that said so.
        String mark = "/templates/marks/" + wanted + ".never";
        await().atMost(Duration.ofMinutes(2))
                .until(() -> inTemplates("cat " + mark + " 2>/dev/null").contains("built for another runtime"));
        assertNotEquals(0, run.status(), "nobody reaches it");
        inTemplates("rm " + mark);
    }

    /** What the owner of the templates is told by a shell. */
    private String inTemplates(String line) throws IOException, InterruptedException {
        return docker(
                "run",
                "--rm",
                "--user",
                "0",
                "--entrypoint",
                "sh",
                "-v",
                "virtainers-templates:/templates",
                "-v",
                "virtainers-template-marks:/template-marks",
                ImageRef.RUNTIME.reference(),
                "-c",
                line);
    }
}
