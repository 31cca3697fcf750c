package io.jenkins.plugins.virtainers.cli.jenkins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose machines the sample removes, by what the plugin has written in its home. */
class SampleJenkinsTest {
    @TempDir
    private Path home;

    private void has(String installation) throws IOException {
        Files.writeString(home.resolve("virtainers-installation.xml"), installation);
    }

    @Test
    void whatThePluginWroteIsWhoseTheyAre() throws Exception {
        has("""
            <?xml version='1.1' encoding='UTF-8'?>
            <io.jenkins.plugins.virtainers.fleet.Installation_-Known plugin="virtainers@1">
              <name>jenkins-6a5636ad-06f0-44ac-9722-c0e1ba71e312</name>
              <inherited/>
              <formers class="linked-hash-map"/>
              <home>/tmp/virtainers-jenkins1</home>
            </io.jenkins.plugins.virtainers.fleet.Installation_-Known>
            """);

        assertEquals(
                Optional.of(Ownership.of("jenkins-6a5636ad-06f0-44ac-9722-c0e1ba71e312")),
                SampleJenkins.ownership(home));
    }

    @Test
    void oneThatEndedBeforeItHadANameHasNoMachines() {
        assertTrue(SampleJenkins.ownership(home).isEmpty());
    }

    @Test
    void aNameThatIsMissingIsSaidAndNeverEverybodys() throws Exception {
        has("<known><inherited/></known>");

        assertThrows(VirtainerException.class, () -> SampleJenkins.ownership(home));
    }

    @Test
    void aFileThatIsCutOffIsSaid() throws Exception {
        has("<known><name>jenkins-1");

        PrintStream errors = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            VirtainerException e = assertThrows(VirtainerException.class, () -> SampleJenkins.ownership(home));
            assertTrue(
                    e.getMessage()
                            .startsWith(home + "/virtainers-installation.xml does not say whose its machines are ("),
                    e.getMessage());
            assertFalse(e.getMessage().contains("Exception"), e.getMessage());
        } finally {
            System.setErr(errors);
        }
        assertEquals("", printed.toString(StandardCharsets.UTF_8), "by the parser, past the command");
    }
}
