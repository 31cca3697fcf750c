package io.jenkins.plugins.virtainers.agent;

import hudson.AbortException;
import hudson.model.TaskListener;
import hudson.slaves.ComputerLauncher;
import hudson.slaves.SlaveComputer;
import io.jenkins.plugins.virtainers.PipelineTemplates;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.fleet.HostContacts;
import io.jenkins.plugins.virtainers.fleet.Mishaps;
import io.jenkins.plugins.virtainers.fleet.Pauses;
import io.jenkins.plugins.virtainers.fleet.Reviews;
import io.jenkins.plugins.virtainers.waiting.BuildLogs;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Makes an agent's machine, or finds the one that an earlier launch made, and starts the agent on it. Called again when a
 * connection is lost and when the controller comes back, so it begins by looking at what is there. Has no state: all of
 * it is the {@link VirtainerAgent}'s.
 */
public class VirtainerLauncher extends ComputerLauncher {
    private static final Logger LOGGER = Logger.getLogger(VirtainerLauncher.class.getName());

    /** What a host does wrong, whatever it is asked for. */
    private static final Set<Failure> OF_HOST = EnumSet.of(
            Failure.ENGINE_UNREACHABLE,
            Failure.ENGINE_TIMEOUT,
            Failure.ENGINE_REFUSED,
            Failure.ENGINE_CONFIGURATION,
            Failure.ACCELERATION_UNAVAILABLE,
            Failure.PLATFORM,
            Failure.DISK_FULL);

    /** What may pass while the machine lives on. */
    private static final Set<Failure> PASSING = EnumSet.of(
            Failure.ENGINE_UNREACHABLE,
            Failure.ENGINE_TIMEOUT,
            Failure.ENGINE_REFUSED,
            Failure.ENGINE_CONFIGURATION,
            Failure.CONNECTION_LOST);

    /** Before a build is told that none of its machines will ever be there. */
    private static final int FEWEST_TRIES = 2;

    @Override
    public void launch(SlaveComputer slaveComputer, TaskListener listener) throws IOException, InterruptedException {
        if (!(slaveComputer instanceof VirtainerComputer computer)) {
            throw new AbortException("Only a virtainer's computer has a machine to launch.");
        }
        VirtainerAgent agent = computer.getNode();
        if (agent == null || agent.isRetiring()) {
            throw new AbortException("This agent is being taken away.");
        }
        Optional<String> anothers = agent.whyAnothers();
        if (anothers.isPresent()) {
            // The reaper gives it up, and builds on it hear why.
            throw new AbortException(anothers.get());
        }
        computer.launching(Thread.currentThread());
        try (BootReport report = new BootReport(agent, listener)) {
            computer.report(report);
            try {
                new Launch(agent, computer, listener, report).run();
                HostContacts.get().answered(agent.getHostUri());
                Pauses.get().succeeded(agent.getHostUri(), agent.getCloudName(), agent.templateId());
            } catch (VirtainerException e) {
                LOGGER.log(Level.FINE, "Launching " + agent.getNodeName(), e);
                HostContacts.get().failed(agent.getHostUri(), e);
                failed(agent, computer, report, Optional.of(e.failure()), e.getMessage());
                throw new AbortException(e.getMessage());
            } catch (AbortException e) {
                failed(agent, computer, report, Optional.empty(), e.getMessage());
                throw e;
            } catch (InterruptedException e) {
                if (!Jenkins.get().isTerminating()) {
                    agent.retire("its launch was aborted");
                }
                throw e;
            } catch (IOException | RuntimeException | Error e) {
                // An error too: a plugin that does not fit throws one at each connection, as fast as it is tried again.
                failed(agent, computer, report, Optional.empty(), "Cannot start the agent: " + e);
                throw e;
            }
        } finally {
            computer.launched();
        }
    }

    /** Whether a machine that one pipeline asked for was tried everywhere; what is configured somebody may mend. */
    private static boolean isHopeless(VirtainerAgent agent, Pauses.Pause pause) {
        boolean ofPipeline = PipelineTemplates.get()
                .buildOf(agent.getCloudName(), agent.templateId())
                .isPresent();
        int hosts = VirtainerCloud.find(agent.getCloudName())
                .map(cloud -> cloud.usableHosts().size())
                .orElse(0);
        return ofPipeline && pause.failures() >= Math.max(FEWEST_TRIES, hosts);
    }

    private static void failed(
            VirtainerAgent agent,
            VirtainerComputer computer,
            BootReport report,
            Optional<Failure> failure,
            String sentence) {
        if (agent.isRetiring()) {
            return;
        }
        if (agent.wasEverOnline() && failure.filter(PASSING::contains).isPresent()) {
            report.say("Trying again in a minute: the machine may still be there, and builds on it.");
            return;
        }
        String first = sentence.lines().findFirst().orElse(sentence);
        Mishaps.get()
                .add(agent.getCloudName(), agent.getNodeName(), agent.getTemplateName(), agent.getHostUri(), sentence);
        if (!agent.wasEverOnline()) {
            if (failure.filter(OF_HOST::contains).isPresent()) {
                Pauses.get().hostFailed(agent.getHostUri(), first);
            } else {
                Pauses.Pause pause = Pauses.get().templateFailed(agent.getCloudName(), agent.templateId(), first);
                if (failure.filter(what -> what.remedy() == Failure.Remedy.FIX_CONFIGURATION)
                                .isPresent()
                        && isHopeless(agent, pause)) {
                    BuildLogs.get().giveUp(agent::serves, first);
                }
            }
        }
        report.failed(sentence);
        computer.setTemporaryOfflineCause(new VirtainerComputer.Gone(first));
        agent.retire(first);
        Reviews.get().whenPausesEnd();
    }
}
