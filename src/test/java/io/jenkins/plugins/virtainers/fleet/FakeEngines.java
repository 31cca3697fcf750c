package io.jenkins.plugins.virtainers.fleet;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static io.jenkins.plugins.virtainers.TemplateChanges.boot;

import hudson.ExtensionList;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.EngineSettings;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Engines on container hosts in memory, whose guests are this machine. */
public final class FakeEngines implements EngineSource {
    public static final String HOST = "unix:///fake/one.sock";

    private final Map<String, FakeContainerHost> hosts = new ConcurrentHashMap<>();
    private final LocalGuests guests = new LocalGuests();

    /** Takes the place of the real ones for the running Jenkins. */
    public static FakeEngines install() {
        FakeEngines engines = new FakeEngines();
        engines.add();
        return engines;
    }

    /** The same, for another Jenkins, which finds the hosts as they are. */
    public void add() {
        ExtensionList.lookup(EngineSource.class).add(0, this);
    }

    public FakeContainerHost host() {
        return host(HOST);
    }

    public FakeContainerHost host(String uri) {
        return hosts.computeIfAbsent(uri, any -> new FakeContainerHost());
    }

    public LocalGuests guests() {
        return guests;
    }

    @Override
    public VmEngine open(DockerEndpoint endpoint, Reach reach) {
        return new VmEngine(
                host(endpoint.toString()),
                guests,
                new OpenSshKeys(),
                ImageSource.NONE,
                EngineSettings.usual(Clock.systemUTC()).with(reach),
                Clock.systemUTC());
    }

    /** A cloud on the fake host with one template whose machines are ready at once. */
    public static VirtainerCloud cloud(Path workspace) {
        return cloud("vms", template(workspace));
    }

    public static VirtainerCloud cloud(String name, VirtainerTemplate... templates) {
        VirtainerCloud cloud = new VirtainerCloud(name);
        cloud.setHosts(List.of(new VirtainerHost(HOST)));
        cloud.setTemplates(List.of(templates));
        return cloud;
    }

    public static VirtainerTemplate template(Path workspace) {
        return template(workspace, FakeContainerHost.IMAGE);
    }

    /** The same, of another image. */
    public static VirtainerTemplate template(Path workspace, ImageRef image) {
        VirtainerTemplate template = new VirtainerTemplate(image.toString());
        template.setLabels("vm");
        boot(template, boot -> boot.setEnvironment("LIE=ready"));
        agent(template, agent -> agent.setRemoteFs(workspace.toString()));
        agent(
                template,
                agent -> agent.setJavaPath(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        return template;
    }
}
