package io.jenkins.plugins.virtainers.cleanup;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.fleet.Claim;
import io.jenkins.plugins.virtainers.fleet.ClaimSource;
import io.jenkins.plugins.virtainers.fleet.Engines;
import io.jenkins.plugins.virtainers.fleet.HostContacts;
import io.jenkins.plugins.virtainers.fleet.HostRounds;
import io.jenkins.plugins.virtainers.fleet.Installation;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import io.jenkins.plugins.virtainers.fleet.Reviews;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Machines that are to be removed. Written down before the first attempt and until one succeeds, so that neither a host
 * that is away nor a restart in between makes anything be forgotten.
 */
@Extension
public class Disposals {
    private static final Logger LOGGER = Logger.getLogger(Disposals.class.getName());

    private final List<Disposal> pending = new ArrayList<>();
    private boolean loaded;

    private final HostRounds rounds = new HostRounds("Removal of machines");

    public static Disposals get() {
        return ExtensionList.lookupSingleton(Disposals.class);
    }

    /** A machine to remove: whose it was, and where it is. Persisted. */
    public static final class Disposal {
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
        public Claim claim() {
            return new Claim(agent, cloud, template, host.getUri(), cpus, MemorySize.parse(memory));
        }
    }

    public synchronized List<Disposal> pending() {
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

    /**
     * Removes an agent's machine, now if that can be, else as soon as it can.
     *
     * @param claim of the agent, which is released with it
     * @param keepsDisk whether another machine will have its disk, so that this one must be shut down, not merely ended
     */
    public void dispose(Claim claim, VirtainerHost host, boolean keepsDisk, TaskListener listener) {
        Optional<Disposal> known = find(claim.agent());
        Disposal disposal = known.orElseGet(() -> new Disposal(claim, host, keepsDisk));
        if (known.isEmpty()) {
            change(() -> pending.add(disposal));
        }
        if (HostContacts.get().isLost(claim.host())) {
            freeIfLost(disposal);
        } else if (attempt(disposal).isPresent()) {
            listener.getLogger()
                    .println("The machine of %s cannot be removed from %s now; that is tried again until it succeeds."
                            .formatted(claim.agent(), claim.host()));
        }
    }

    /** Whether the machine of an agent is to be removed. */
    public boolean awaits(String agent) {
        return find(agent).isPresent();
    }

    private Optional<Disposal> find(String agent) {
        return pending().stream()
                .filter(disposal -> disposal.agent.equals(agent))
                .findFirst();
    }

    /** What a machine took that has ended by itself is free, though it is not removed. */
    private static void freeIfLost(Disposal disposal) {
        if (HostContacts.get().isLost(disposal.host.getUri()) && Ledger.get().holds(disposal.agent)) {
            Ledger.get().release(disposal.agent);
            Reviews.get().soon();
        }
    }

    /**
     * Removes from a host no more what was to be removed there, since somebody knows that it is gone for good. Should it
     * come back all the same, what has no agent is removed by the {@code Reaper}.
     *
     * @return the agents whose machines they were
     */
    public List<String> forget(String uri) {
        List<Disposal> there = pending().stream()
                .filter(disposal -> disposal.host.getUri().equals(uri))
                .toList();
        change(() -> pending.removeAll(there));
        there.forEach(disposal -> Ledger.get().release(disposal.agent));
        Reviews.get().soon();
        return there.stream().map(disposal -> disposal.agent).toList();
    }

    /** Tries again what did not work. */
    public void retry() throws InterruptedException {
        rounds.run(pending().stream(), disposal -> disposal.host.getUri(), this::retryAll);
    }

    private void retryAll(List<Disposal> disposals) {
        for (Disposal disposal : disposals) {
            Optional<Failure> failure = attempt(disposal);
            if (failure.filter(Failure::isOfHostAway).isPresent()) {
                // There is no use in asking it for the next.
                disposals.forEach(Disposals::freeIfLost);
                return;
            }
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    /** Why it did not work; empty when it did. */
    private Optional<Failure> attempt(Disposal disposal) {
        try {
            VmEngine engine = Engines.get().of(disposal.host);
            for (Container container :
                    engine.list(Ownership.ofAgent(Installation.owner(), disposal.cloud, disposal.agent))) {
                if (disposal.keepsDisk && container.isRunning()) {
                    engine.stop(container.id(), Optional.empty());
                }
                engine.remove(container.id());
            }
            HostContacts.get().answered(disposal.host.getUri());
        } catch (VirtainerException e) {
            HostContacts.get().failed(disposal.host.getUri(), e);
            LOGGER.log(Level.WARNING, "Cannot remove the machine of {0} yet: {1}", new Object[] {
                disposal.agent, e.getMessage()
            });
            return Optional.of(e.failure());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Whose answer nobody waited for.
            return Optional.of(Failure.ENGINE_TIMEOUT);
        }
        change(() -> pending.remove(disposal));
        // What it took is free, and somebody may be waiting for it.
        Ledger.get().release(disposal.agent);
        Reviews.get().soon();
        return Optional.empty();
    }

    private synchronized void change(Runnable change) {
        change.run();
        try {
            file().write(new ArrayList<>(pending));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot write " + file(), e);
        }
    }

    /** Does so every now and then. */
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
        protected void execute(TaskListener listener) throws InterruptedException {
            get().retry();
        }
    }

    /** What is not removed yet takes its place still. */
    @Extension
    public static class Claims implements ClaimSource {
        @Override
        public List<Claim> claims() {
            return get().pending().stream().map(Disposal::claim).toList();
        }
    }
}
