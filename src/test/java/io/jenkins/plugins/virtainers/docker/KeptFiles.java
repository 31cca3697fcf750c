package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What outlives guests on a host: the files of memory templates, with the memory of the guests that were saved, their
 * marks, and the disk images that were fetched. Needs the {@code docker} command and virtainers/runtime.
 */
public final class KeptFiles {
    private static final List<String> VOLUMES =
            List.of("virtainers-templates", "virtainers-template-marks", "virtainers-images");
    /** In the memory of every guest that was saved. */
    private static final String IN_EVERY_KERNEL = "Linux version";

    private KeptFiles() {}

    /**
     * Fails where a file holds one of the secrets, as it is or in Base64, and where there is no template at all.
     *
     * @param uri of the host
     * @param secrets of one line each, by what they are
     */
    public static void assertNoneHolds(String uri, Map<String, String> secrets)
            throws IOException, InterruptedException {
        assertNotEquals(List.of(), filesWith(uri, IN_EVERY_KERNEL), "memory of guests");
        Map<String, List<String>> found = new TreeMap<>();
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            List<String> files = filesWith(uri, secret.getValue());
            if (!files.isEmpty()) {
                found.put(secret.getKey(), files);
            }
        }
        assertEquals(Map.of(), found, "files that hold secrets");
    }

    private static List<String> filesWith(String uri, String secret) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("docker", "-H", uri, "run", "--rm", "-i", "--user", "0"));
        for (String volume : VOLUMES) {
            line.addAll(List.of("-v", volume + ":/kept/" + volume + ":ro"));
        }
        line.addAll(List.of("--entrypoint", "grep", "virtainers/runtime", "-rlaF", "-f", "-", "/kept"));
        Process grep = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
        try (OutputStream patterns = grep.getOutputStream()) {
            patterns.write((secret + "\n" + encoded + "\n").getBytes(StandardCharsets.UTF_8));
        }
        String files = new String(grep.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = grep.waitFor();
        assertTrue(status == 0 || status == 1, "grep ended with " + status);
        return files.lines().toList();
    }
}
