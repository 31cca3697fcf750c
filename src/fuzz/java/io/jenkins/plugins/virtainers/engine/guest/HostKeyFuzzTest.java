package io.jenkins.plugins.virtainers.engine.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import org.junit.jupiter.params.provider.ValueSource;

/** A host key is one line of two words, whoever wrote it. */
class HostKeyFuzzTest {
    @ValueSource(
            strings = {
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVzdGVzdGVzdGVzdGVzdGVzdGVzdGVzdGVzdGVzdGVz root@guest",
                "ssh-rsa AAAA",
                "ssh-ed25519",
                "\u001b[2J AAAA"
            })
    @FuzzTest
    void line(@NotNull String line) {
        HostKey key;
        try {
            key = HostKey.parse(line);
        } catch (IllegalArgumentException e) {
            return;
        }
        assertEquals(key, HostKey.parse(key.toString()));
        assertTrue(key.fingerprint().startsWith("SHA256:"));
        String pinned = key.knownHostsLine(new Endpoint("127.0.0.1", new Port(2222)));
        Sentences.requireHarmless(pinned);
        assertEquals(3, pinned.split("\\s").length);
    }
}
