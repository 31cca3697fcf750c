package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.command.SyncDockerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import io.jenkins.plugins.virtainers.engine.host.ContainerHostContract;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The image of a container that lies, made of a few programs of this machine and the libraries they need: there in a
 * second, and from no registry.
 */
public final class LiarImage {
    static final ImageRef REF = ImageRef.parse("liar:1");

    private static final Set<Path> PROGRAMS = Set.of(
            Path.of("/bin/bash"),
            Path.of("/bin/cat"),
            Path.of("/usr/bin/head"),
            Path.of("/bin/sleep"),
            Path.of("/usr/bin/stat"),
            Path.of("/bin/grep"));
    private static final Pattern LIBRARY = Pattern.compile("(?:=> )?(/\\S+) \\(0x");
    private static final String DOCKERFILE = """
            FROM scratch
            COPY root/ /
            LABEL io.virtainers.contract=1 io.virtainers.user=liar
            EXPOSE 22
            ENTRYPOINT ["/liar"]
            """;

    private static final Set<DockerEndpoint> BUILT = ConcurrentHashMap.newKeySet();

    private LiarImage() {}

    /** Makes it on a host, once. */
    public static void build(DockerEndpoint endpoint) throws IOException, InterruptedException {
        if (!BUILT.add(endpoint)) {
            return;
        }
        byte[] context = context();
        try (DockerClient client = client(endpoint);
                BuildImageResultCallback answer = new BuildImageResultCallback()) {
            client.buildImageCmd(new ByteArrayInputStream(context))
                    .withTags(Set.of(REF.reference()))
                    .withForcerm(true)
                    .exec(answer)
                    .awaitImageId(2, TimeUnit.MINUTES);
        }
    }

    /** Takes away what the contract's tests left to whose host it is, as far as they came. */
    static void removeRemains(DockerEndpoint endpoint) throws IOException {
        try (DockerClient client = client(endpoint)) {
            remove(client.removeImageCmd(ContainerHostContract.PUBLISHED.reference())
                    .withForce(true));
            remove(client.removeVolumeCmd(ContainerHostContract.VOLUME));
        }
    }

    private static void remove(SyncDockerCmd<?> removal) {
        try {
            removal.exec();
        } catch (NotFoundException e) {
            // There is none.
            return;
        }
    }

    static DockerClient client(DockerEndpoint endpoint) {
        return DockerClientImpl.getInstance(
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(endpoint.uri().toString())
                        .withDockerTlsVerify(false)
                        .build(),
                new ApacheDockerHttpClient.Builder().dockerHost(endpoint.uri()).build());
    }

    private static byte[] context() throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
                InputStream liar = LiarImage.class.getResourceAsStream("liar")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            file(tar, "Dockerfile", 0644, DOCKERFILE.getBytes(StandardCharsets.UTF_8));
            file(tar, "root/liar", 0755, liar.readAllBytes());
            directory(tar, "root/tmp/", 01777, 0);
            directory(tar, "root/run/virtainers/", 0755, FileArchive.USER);
            for (Path file : programsAndLibraries()) {
                file(tar, "root" + file, 0755, Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }

    private static Set<Path> programsAndLibraries() throws IOException, InterruptedException {
        Set<Path> files = new TreeSet<>(PROGRAMS);
        for (Path program : PROGRAMS) {
            Process process = new ProcessBuilder("ldd", program.toString()).start();
            Matcher library =
                    LIBRARY.matcher(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            while (library.find()) {
                files.add(Path.of(library.group(1)));
            }
            process.waitFor();
        }
        return files;
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void directory(TarArchiveOutputStream tar, String name, int mode, int owner) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setUserId(owner);
        entry.setGroupId(owner);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }
}
