package io.jenkins.plugins.virtainers;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.AsyncPeriodicWork;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.TaskListener;
import io.jenkins.plugins.virtainers.engine.Container;
import io.jenkins.plugins.virtainers.engine.MemorySize;
import io.jenkins.plugins.virtainers.engine.Ownership;
import io.jenkins.plugins.virtainers.engine.VirtainerException;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.NodeListener;

/**
 * Machines that are to be removed. Written down before the first attempt and until one succeeds, so that neither a host
 * that is away nor a restart in between makes anything be forgotten.
 */
@Extension
public class Disposals {
    private static final Logger LOGGER = Logger.getLogger(Disposals.class.getName());

    /** For a guest to write what it has not written yet. */
    private static final Duration SHUTDOWN = Duration.ofMinutes(2);

    private final List<Disposal> pending = new ArrayList<>();
    private boolean loaded;

    static Disposals get() {
        return ExtensionList.lookupSingleton(Disposals.class);
    }

    /** A machine to remove: whose it was, and where it is. Persisted. */
    static final class Disposal {
        private final String agent;
        private final String cloud;
        private final String template;
        private final VirtainerHost host;
        private final int cpus;
        private final String memory;
        private final boolean keepsDisk;

        private Disposal(Claim claim, VirtainerHost host, boolean keepsDisk) {
            this.agent = claim.agent();
            this.cloud = claim.cloud();
            this.template = claim.template();
            this.host = host;
            this.cpus = claim.cpus();
            this.memory = claim.memory().toString();
            this.keepsDisk = keepsDisk;
        }

        /** What it takes of its host until it is removed. */
        Claim claim() {
            return new Claim(agent, cloud, template, host.getUri(), cpus, MemorySize.parse(memory));
        }
    }

    synchronized List<Disposal> pending() {
        if (!loaded) {
            loaded = true;
            XmlFile file = file();
            if (file.exists()) {
                try {
                    if (file.read() instanceof List<?> list) {
                        list.forEach(entry -> pending.add((Disposal) entry));
                    }
                } catch (IOException | ClassCastException e) {
                    LOGGER.log(Level.WARNING, "Cannot read " + file + "; the reaper will find what it held", e);
                }
            }
        }
        return List.copyOf(pending);
    }

    private static XmlFile file() {
        return new XmlFile(new File(Jenkins.get().getRootDir(), "virtainers-disposals.xml"));
    }

    /** Removes an agent's machine, now if that can be, else as soon as it can. */
    void dispose(VirtainerAgent agent, TaskListener listener) {
        Disposal disposal = new Disposal(agent.claim(), agent.host(), agent.keepsDisk());
        pending();
        change(() -> pending.add(disposal));
        if (!attempt(disposal)) {
            listener.getLogger()
                    .println("The machine of %s cannot be removed from %s now; that is tried again until it succeeds."
                            .formatted(agent.getNodeName(), agent.getHostUri()));
        }
    }

    private boolean attempt(Disposal disposal) {
        try {
            VmEngine engine = Fleet.get().engines().of(disposal.host);
            for (Container container : engine.list(Ownership.ofAgent(Fleet.owner(), disposal.cloud, disposal.agent))) {
                if (disposal.keepsDisk && container.isRunning()) {
                    engine.stop(container.id(), SHUTDOWN);
                }
                engine.remove(container.id());
            }
        } catch (VirtainerException e) {
            LOGGER.log(Level.WARNING, "Cannot remove the machine of {0} yet: {1}", new Object[] {
                disposal.agent, e.getMessage()
            });
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        change(() -> pending.remove(disposal));
        Fleet.get().released(disposal.agent);
        return true;
    }

    private synchronized void change(Runnable change) {
        change.run();
        try {
            file().write(new ArrayList<>(pending));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot write " + file(), e);
        }
    }

    /** Tries again what did not work. */
    @Extension
    public static class Retry extends AsyncPeriodicWork {
        public Retry() {
            super("Virtainers: removal of machines");
        }

        @Override
        public long getRecurrencePeriod() {
            return TimeUnit.SECONDS.toMillis(30);
        }

        @Override
        protected Level getNormalLoggingLevel() {
            return Level.FINE;
        }

        @Override
        protected void execute(TaskListener listener) {
            get().pending().forEach(get()::attempt);
        }
    }

    /** A node may go without anybody having asked its agent to. */
    @Extension
    public static class Deleted extends NodeListener {
        @Override
        protected void onDeleted(Node node) {
            if (!(node instanceof VirtainerAgent agent)) {
                return;
            }
            if (!agent.isRetiring()) {
                Computer.threadPoolForRemoting.submit(() -> get().dispose(agent, TaskListener.NULL));
            }
            Provisioning.get().reviewAll();
        }
    }
}
