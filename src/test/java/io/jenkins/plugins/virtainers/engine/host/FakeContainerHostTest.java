package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.spec.ImageRef;

/** Holds the fake to what the real hosts are held to. */
class FakeContainerHostTest extends ContainerHostContract {
    private final FakeContainerHost host = new FakeContainerHost();

    @Override
    public ContainerHost host() {
        return host;
    }

    @Override
    public ImageRef image() {
        return FakeContainerHost.IMAGE;
    }
}
