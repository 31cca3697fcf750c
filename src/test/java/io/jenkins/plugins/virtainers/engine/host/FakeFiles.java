package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost.Call;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The files of a fake host's containers. */
final class FakeFiles implements ContainerFiles {
    private final FakeFaults faults;
    private final FakeContainers containers;

    FakeFiles(FakeFaults faults, FakeContainers containers) {
        this.faults = faults;
        this.containers = containers;
    }

    @Override
    public void putFiles(ContainerId container, List<ContainerFile> files) throws InterruptedException {
        faults.doing(Call.PUT_FILES, () -> {
            FakeContainer found = containers.found(container);
            files.forEach(found::put);
            return found;
        });
    }

    @Override
    public void readFile(ContainerId container, String path, FileReader reader) throws InterruptedException {
        Optional<ContainerFile> file =
                Optional.ofNullable(containers.found(container).files().get(path));
        byte[] content = file.orElseThrow(() -> Failure.COPY_FAILED.because("There is no file " + path + "."))
                .content()
                .bytes();
        try {
            reader.read(new ByteArrayInputStream(content), content.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void writeFile(ContainerId container, String path, InputStream content, long size)
            throws InterruptedException {
        try {
            byte[] bytes = content.readNBytes((int) size);
            putFiles(container, List.of(new ContainerFile(path, ContainerFile.Content.of(bytes), 0644)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void touch(ContainerId container, String path) throws InterruptedException {
        faults.doing(Call.TOUCH, () -> {
            FakeContainer found = containers.found(container);
            found.touch(path);
            return found;
        });
    }
}
