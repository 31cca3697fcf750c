package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerContainerHost;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The container engine itself. */
@Command(
        name = "engine",
        description = "Start Docker where there is no container engine, stop the one so started, or say which is used.",
        footer = {
            "",
            "Examples:",
            "  virtainer engine start --yes",
            "  virtainer engine status",
            "  virtainer engine stop"
        })
public final class EngineCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "start|stop|status", description = "What to do.")
    private String action;

    public EngineCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Screen screen = common.screen(surroundings)) {
            return switch (action) {
                case "start" -> start(screen);
                case "stop" -> stop(screen);
                case "status" -> status(screen);
                default -> throw new InvalidSpecException("\"%s\" is none of start, stop, status.".formatted(action));
            };
        }
    }

    private int start(Screen screen) throws InterruptedException {
        print(new EngineChoice(surroundings).orStart(common, screen), screen);
        return 0;
    }

    private int stop(Screen screen) throws InterruptedException {
        boolean stopped = new EngineDaemon(surroundings, screen).stop();
        screen.say(
                stopped
                        ? "The container engine has stopped."
                        : "Virtainer started no container engine that still runs; nothing to stop.");
        return 0;
    }

    private int status(Screen screen) throws InterruptedException {
        print(new EngineChoice(surroundings).existing(common), screen);
        Optional<EngineDaemon.Started> started = new EngineDaemon(surroundings, screen).started();
        started.ifPresent(daemon ->
                surroundings.output().println("started by virtainer: process " + daemon.pid() + ", " + daemon.since()));
        return 0;
    }

    private void print(DockerEndpoint endpoint, Screen screen) throws InterruptedException {
        try (ContainerHost host = new DockerContainerHost(endpoint)) {
            HostInfo info = host.info();
            screen.done();
            surroundings.output().println(info + " on " + host.address());
        }
    }
}
