package io.jenkins.plugins.virtainers.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** A release of Debian with its container engines, as a folder to change root to. Needs root and mmdebstrap. */
public enum DebianRelease {
    /** Debian 13. */
    TRIXIE,
    /** What is to be the next. */
    SID;

    private static final Path FOLDER = Path.of("target/central/debian").toAbsolutePath();

    /** Its root, which is made when it is first asked for, in half a minute. */
    public synchronized Path root() throws IOException, InterruptedException {
        String name = name().toLowerCase(java.util.Locale.ROOT);
        Path root = FOLDER.resolve(name);
        if (Files.isDirectory(root)) {
            return root;
        }
        if (!"root".equals(System.getProperty("user.name")) || !Files.isExecutable(Path.of("/usr/bin/mmdebstrap"))) {
            throw RealHosts.skip(
                    "THIS IS NOT ROOT, OR HAS NO mmdebstrap: THE TESTS ON DEBIAN " + this + "'S ENGINES WERE SKIPPED");
        }
        Files.createDirectories(FOLDER);
        Path log = FOLDER.resolve(name + ".log");
        Path unfinished = Files.createTempDirectory(FOLDER, name + ".");
        // A mirror that has not followed sid for some days has what the test wants, too.
        Process process = new ProcessBuilder(
                        "mmdebstrap",
                        "--variant=minbase",
                        "--mode=root",
                        "--aptopt=Acquire::Check-Valid-Until \"false\"",
                        "--include=docker.io,podman,runc,netavark,aardvark-dns,iptables,nftables,ca-certificates",
                        name,
                        unfinished.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroy();
            String said = Files.readString(log);
            throw RealHosts.skip("DEBIAN " + this + " CANNOT BE HAD, THE TESTS ON ITS ENGINES WERE SKIPPED: "
                    + said.substring(Math.max(0, said.length() - 500)).strip());
        }
        return Files.move(unfinished, root, StandardCopyOption.ATOMIC_MOVE);
    }
}
