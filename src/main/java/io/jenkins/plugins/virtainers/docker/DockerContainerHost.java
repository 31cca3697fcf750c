package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.docker.dial.Dialer;
import io.jenkins.plugins.virtainers.engine.host.Commits;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetworks;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogins;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A container host that speaks the Docker API: Docker or Podman. Holds connections; close it.
 *
 * <p>Containers have the contract's rights: user 1000, no capability, no new privileges; those that keep templates have
 * what {@link ContainerRequest.Rights} says. Files reach them through the archive call, never by a bind mount, so the
 * engine may be anywhere.
 */
public final class DockerContainerHost implements ContainerHost {
    private final Connection engine;
    private final DockerInfo info;
    private final DockerContainers containers;
    private final DockerFiles files;
    private final DockerLogs logs;
    private final DockerExecs execs;
    private final DockerImages images;
    private final DockerNetworks networks;

    /** Makes no connection yet. */
    public DockerContainerHost(DockerEndpoint endpoint) {
        this(endpoint, Optional.empty());
    }

    /**
     * Makes no connection yet.
     *
     * @param dialer for an engine behind SSH; without one, this machine's ssh command. Closed with this
     */
    public DockerContainerHost(DockerEndpoint endpoint, Optional<Dialer> dialer) {
        this.engine = new Connection(endpoint, dialer);
        this.info = new DockerInfo(engine);
        this.containers = new DockerContainers(engine);
        this.files = new DockerFiles(engine, info);
        this.logs = new DockerLogs(engine, containers);
        this.execs = new DockerExecs(engine);
        this.images = new DockerImages(engine);
        this.networks = new DockerNetworks(engine);
    }

    @Override
    public String address() {
        return engine.endpoint().toString();
    }

    @Override
    public boolean isLocal() {
        return engine.endpoint().isLocal();
    }

    @Override
    public boolean leadsToPorts() {
        return engine.endpoint().leadsToPorts();
    }

    @Override
    public HostInfo info() throws InterruptedException {
        return info.ask();
    }

    @Override
    public Optional<ContainerNetworks> networks() {
        return Optional.of(networks);
    }

    @Override
    public Optional<Volumes> volumes() {
        return Optional.of(Volumes.Mount::new);
    }

    @Override
    public Optional<Commits> commits() {
        return Optional.of(images);
    }

    @Override
    public ContainerId create(ContainerRequest request) {
        return containers.create(request);
    }

    @Override
    public void start(ContainerId container) throws InterruptedException {
        containers.start(container);
    }

    @Override
    public Optional<Container> inspect(String idOrName) throws InterruptedException {
        return containers.inspect(idOrName);
    }

    @Override
    public List<Container> list(Map<String, String> labels) throws InterruptedException {
        return containers.list(labels);
    }

    @Override
    public CompletableFuture<Integer> exitStatus(ContainerId container) {
        return containers.exitStatus(container);
    }

    @Override
    public void stop(ContainerId container, Optional<Duration> grace) throws InterruptedException {
        containers.stop(container, grace);
    }

    @Override
    public void remove(ContainerId container) throws InterruptedException {
        containers.remove(container);
    }

    @Override
    public void putFiles(ContainerId container, List<ContainerFile> contents) throws InterruptedException {
        files.putFiles(container, contents);
    }

    @Override
    public void readFile(ContainerId container, String path, FileReader reader) throws InterruptedException {
        files.readFile(container, path, reader);
    }

    @Override
    public void writeFile(ContainerId container, String path, InputStream content, long size)
            throws InterruptedException {
        files.writeFile(container, path, content, size);
    }

    @Override
    public void touch(ContainerId container, String path) throws InterruptedException {
        files.touch(container, path);
    }

    @Override
    public LogStream followLogs(ContainerId container, LogListener listener) {
        return logs.followLogs(container, listener);
    }

    @Override
    public void readLogs(ContainerId container, OptionalInt lastLines, LogListener listener)
            throws InterruptedException {
        logs.readLogs(container, lastLines, listener);
    }

    @Override
    public int exec(ContainerId container, List<String> command, ExecStreams streams) throws InterruptedException {
        return execs.exec(container, command, streams);
    }

    @Override
    public Optional<ContainerImage> findImage(ImageRef image) throws InterruptedException {
        return images.findImage(image);
    }

    @Override
    public List<ContainerImage> images(String label) throws InterruptedException {
        return images.images(label);
    }

    @Override
    public void pull(ImageRef image, RegistryLogins logins, Consumer<String> progress, Duration timeout)
            throws InterruptedException {
        images.pull(image, logins, progress, timeout);
    }

    @Override
    public void close() {
        engine.close();
    }
}
