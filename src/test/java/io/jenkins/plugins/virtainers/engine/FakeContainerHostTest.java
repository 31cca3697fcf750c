package io.jenkins.plugins.virtainers.engine;

/** Holds the fake to what the real hosts are held to. */
class FakeContainerHostTest extends ContainerHostContract {
    private final FakeContainerHost host = new FakeContainerHost();

    @Override
    protected ContainerHost host() {
        return host;
    }

    @Override
    protected ImageRef image() {
        return FakeContainerHost.IMAGE;
    }
}
