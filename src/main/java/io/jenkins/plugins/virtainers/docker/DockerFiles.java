package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerFiles;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Files of containers, through the calls for archives. */
final class DockerFiles implements ContainerFiles {
    private final Connection engine;
    private final Calls calls;
    private final DockerInfo info;

    DockerFiles(Connection engine, DockerInfo info) {
        this.engine = engine;
        this.calls = engine.calls();
        this.info = info;
    }

    @Override
    public void putFiles(ContainerId container, List<ContainerFile> files) throws InterruptedException {
        put("put files into container " + container, container, FileArchive.of(files, info.time()));
    }

    @Override
    public void readFile(ContainerId container, String path, FileReader reader) throws InterruptedException {
        String what = "read %s of container %s".formatted(path, container);
        try {
            calls.within(Connection.LARGE_FILE, what, () -> {
                try (InputStream answer = engine.streams()
                                .copyArchiveFromContainerCmd(container.value(), path)
                                .exec();
                        TarArchiveInputStream tar = new TarArchiveInputStream(answer)) {
                    TarArchiveEntry entry = tar.getNextEntry();
                    if (entry == null || !entry.isFile()) {
                        throw noSuchFile(what);
                    }
                    reader.read(tar, entry.getSize());
                    return null;
                }
            });
        } catch (NotFoundException e) {
            throw noSuchFile(what);
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    private VirtainerException noSuchFile(String what) {
        return Failure.COPY_FAILED.because(
                "Cannot %s on %s: there is no such file.".formatted(what, engine.endpoint()));
    }

    @Override
    public void writeFile(ContainerId container, String path, InputStream content, long size)
            throws InterruptedException {
        String what = "write %s into container %s".formatted(path, container);
        int name = path.lastIndexOf('/') + 1;
        try {
            calls.within(
                    Connection.LARGE_FILE,
                    what,
                    () -> engine.streams()
                            .copyArchiveToContainerCmd(container.value())
                            // Podman finds the volumes of a container that does not run by this path alone.
                            .withRemotePath(path.substring(0, name))
                            .withTarInputStream(FileArchive.of(path.substring(name), content, size, info.time()))
                            .exec());
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    @Override
    public void touch(ContainerId container, String path) throws InterruptedException {
        put(
                "touch " + path + " in container " + container,
                container,
                FileArchive.of(List.of(ContainerFile.of(path, "")), info.timeAsked()));
    }

    private void put(String what, ContainerId container, byte[] archive) throws InterruptedException {
        engine.ask(
                what,
                () -> engine.client()
                        .copyArchiveToContainerCmd(container.value())
                        .withRemotePath("/")
                        .withTarInputStream(new ByteArrayInputStream(archive))
                        .exec());
    }
}
