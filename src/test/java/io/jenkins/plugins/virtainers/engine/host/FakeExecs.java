package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The few commands that a fake host's containers know. */
final class FakeExecs implements ContainerExecs {
    private final FakeContainers containers;

    FakeExecs(FakeContainers containers) {
        this.containers = containers;
    }

    @Override
    public int exec(ContainerId container, List<String> command, ExecStreams streams) {
        FakeContainer found = containers.found(container);
        String last = command.get(command.size() - 1);
        try {
            if (command.get(1).equals("modified")) {
                streams.stdout()
                        .write((found.modified(command.get(2)).orElseThrow().getEpochSecond() + "\n")
                                .getBytes(StandardCharsets.UTF_8));
                return 0;
            }
            if (command.contains("screenshot")) {
                return screenshot(found, last, streams);
            }
            if (command.get(0).equals("rm")) {
                found.delete(last);
                return 0;
            }
            streams.stdout().write("out\n".getBytes(StandardCharsets.UTF_8));
            streams.stderr().write("err\n".getBytes(StandardCharsets.UTF_8));
            return 5;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int screenshot(FakeContainer container, String path, ExecStreams streams) throws IOException {
        if ("on".equals(container.request().env().get("VNC"))) {
            container.put(ContainerFile.of(path, "a picture"));
            return 0;
        }
        streams.stderr().write("error: domain 'vm' has no screen\n".getBytes(StandardCharsets.UTF_8));
        return 1;
    }
}
