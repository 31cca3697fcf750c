package io.jenkins.plugins.virtainers;

import hudson.model.Computer;
import hudson.model.Label;
import hudson.model.Queue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Machines that still boot although whoever they were made for was cancelled, or got another. */
final class Surplus {
    private Surplus() {}

    /** Dismisses them soon, in another thread. May be called under any lock. */
    static void dismissSoon() {
        // The item that left is gone from the queue once its lock is free.
        Computer.threadPoolForRemoting.submit(() -> Queue.withLock(Surplus::dismiss));
    }

    /** Under the queue's lock, for what boots now may have a build as soon as that is free. */
    private static void dismiss() {
        List<VirtainerAgent> booting = Fleet.agents()
                .filter(VirtainerAgent::isBooting)
                // After a start of the controller, builds come back to the queue only in the course of time.
                .filter(agent -> !agent.wasLoaded())
                .filter(agent -> !agent.isWantedReady())
                .toList();
        unwanted(booting, List.of(Queue.getInstance().getItems())).stream()
                .filter(VirtainerAgent::isBooting)
                .forEach(agent -> agent.retire("no build waits for it any more"));
    }

    /** Each build keeps the agent that is furthest of those that it may run on; what nobody keeps is unwanted. */
    private static List<VirtainerAgent> unwanted(List<VirtainerAgent> booting, List<Queue.Item> waiting) {
        List<VirtainerAgent> left = new ArrayList<>(booting.stream()
                .sorted(Comparator.comparing(VirtainerAgent::since))
                .toList());
        for (Queue.Item item : waiting) {
            Label label = item.getAssignedLabel();
            Stream<VirtainerAgent> fitting = left.stream().filter(agent -> BuildLogs.fits(label, agent));
            fitting.findFirst().ifPresent(left::remove);
        }
        return left;
    }
}
