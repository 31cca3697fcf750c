package io.jenkins.plugins.virtainers.docker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Makes seeds for cloud-init as people do, with the genisoimage of an image that tests boot. */
public final class SeedImages {
    private static final String USER_DATA =
            "#cloud-config\nwrite_files: [{path: /etc/from-seed, content: \"a seed\\n\"}]\n";

    private static final String SCRIPT =
            "mkdir /tmp/seed && cd /tmp/seed && cat >user-data && echo instance-id: of-seed >meta-data"
                    + " && genisoimage -quiet -volid cidata -joliet -rock .";

    private SeedImages() {}

    /** Writes one whose guest is the instance of-seed, and has "a seed" in /etc/from-seed. */
    public static Path write(Path file) throws IOException, InterruptedException {
        List<String> command =
                List.of("docker", "run", "--rm", "-i", "--entrypoint", "sh", "virtainers/debian:12", "-c", SCRIPT);
        Process process = new ProcessBuilder(command)
                .redirectOutput(file.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(USER_DATA.getBytes(StandardCharsets.UTF_8));
        }
        if (process.waitFor() != 0) {
            throw new IOException("genisoimage failed");
        }
        return file;
    }
}
