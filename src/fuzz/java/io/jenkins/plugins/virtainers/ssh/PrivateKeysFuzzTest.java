package io.jenkins.plugins.virtainers.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import java.util.Base64;

/** A private key has a public half, or is refused in a sentence. */
class PrivateKeysFuzzTest {
    @FuzzTest
    void pem(@NotNull String pem) {
        requireLineOrRefusal(pem);
    }

    @FuzzTest
    void blob(byte @NotNull [] blob, byte kind) {
        String name = new String[] {"OPENSSH ", "RSA ", "", "EC "}[Math.floorMod(kind, 4)];
        requireLineOrRefusal("-----BEGIN " + name + "PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(blob) + "\n-----END " + name + "PRIVATE KEY-----\n");
    }

    private static void requireLineOrRefusal(String pem) {
        String line;
        try {
            line = PrivateKeys.publicLine(pem, "a b");
        } catch (IllegalArgumentException e) {
            Sentences.requireLine(e.getMessage());
            return;
        }
        Sentences.requireHarmless(line);
        HostKey key = HostKey.parse(line);
        assertEquals(line, key + " a-b");
    }
}
