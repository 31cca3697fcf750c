package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import java.util.List;

/** Commands in containers, beside what runs there. */
public interface ContainerExecs {
    /**
     * Runs a command in a running container, joined to a terminal or to streams, until it ends.
     *
     * @return its exit status
     */
    int exec(ContainerId container, List<String> command, ExecStreams streams) throws InterruptedException;
}
