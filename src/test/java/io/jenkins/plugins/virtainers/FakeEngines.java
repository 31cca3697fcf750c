package io.jenkins.plugins.virtainers;

import hudson.ExtensionList;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.ImageSource;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Engines on container hosts in memory, whose guests are this machine. */
final class FakeEngines implements EngineSource {
    static final String HOST = "unix:///fake/one.sock";

    private final Map<String, FakeContainerHost> hosts = new ConcurrentHashMap<>();
    private final LocalGuests guests = new LocalGuests();

    /** Takes the place of the real ones for the running Jenkins. */
    static FakeEngines install() {
        FakeEngines engines = new FakeEngines();
        ExtensionList.lookup(EngineSource.class).add(0, engines);
        return engines;
    }

    FakeContainerHost host() {
        return host(HOST);
    }

    FakeContainerHost host(String uri) {
        return hosts.computeIfAbsent(uri, any -> new FakeContainerHost());
    }

    LocalGuests guests() {
        return guests;
    }

    @Override
    public VmEngine open(DockerEndpoint endpoint) {
        return new VmEngine(host(endpoint.toString()), guests, new OpenSshKeys(), ImageSource.NONE, Clock.systemUTC());
    }

    /** A cloud on the fake host with one template whose machines are ready at once. */
    static VirtainerCloud cloud(Path workspace) {
        return cloud("vms", template(workspace));
    }

    static VirtainerCloud cloud(String name, VirtainerTemplate... templates) {
        VirtainerCloud cloud = new VirtainerCloud(name);
        cloud.setHosts(List.of(new VirtainerHost(HOST)));
        cloud.setTemplates(List.of(templates));
        return cloud;
    }

    static VirtainerTemplate template(Path workspace) {
        VirtainerTemplate template = new VirtainerTemplate(FakeContainerHost.IMAGE.toString());
        template.setLabels("vm");
        template.setEnvironment("LIE=ready");
        template.setRemoteFs(workspace.toString());
        template.setJavaPath(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return template;
    }
}
