package io.jenkins.plugins.virtainers.engine.host;

import java.util.OptionalInt;

/** What the containers of a fake host write. */
final class FakeLogs implements ContainerLogs {
    private final FakeContainers containers;

    FakeLogs(FakeContainers containers) {
        this.containers = containers;
    }

    @Override
    public LogStream followLogs(ContainerId container, LogListener listener) {
        return containers.found(container).log().follow(listener);
    }

    @Override
    public void readLogs(ContainerId container, OptionalInt lastLines, LogListener listener) {
        containers.found(container).log().replay(listener);
    }
}
