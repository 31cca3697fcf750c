package io.jenkins.plugins.virtainers.provisioning;

import hudson.model.Computer;
import hudson.model.Queue;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Machines that still boot although whoever they were made for was cancelled, or got another. */
final class Surplus {
    private static final AtomicBoolean ASKED = new AtomicBoolean();

    private Surplus() {}

    /** Dismisses them soon, in another thread, once for all that asked until then. May be called under any lock. */
    static void dismissSoon() {
        if (ASKED.compareAndSet(false, true)) {
            // The item that left is gone from the queue once its lock is free.
            Computer.threadPoolForRemoting.submit(() -> Queue.withLock(() -> {
                ASKED.set(false);
                dismiss();
            }));
        }
    }

    /** Under the queue's lock, for what boots now may have a build as soon as that is free. */
    private static void dismiss() {
        List<VirtainerAgent> booting = VirtainerAgent.all()
                .filter(VirtainerAgent::isBooting)
                // After a start of the controller, builds come back to the queue only in the course of time.
                .filter(agent -> !agent.wasLoaded())
                .filter(agent -> !agent.isWantedReady())
                .toList();
        List<Queue.Item> waiting = List.of(Queue.getInstance().getItems());
        unwanted(booting, VirtainerAgent::since, waiting, (item, agent) -> agent.serves(item)).stream()
                .filter(VirtainerAgent::isBooting)
                .forEach(agent -> agent.retire("no build waits for it any more"));
    }

    /**
     * Each build keeps the agent that is furthest of those that it may run on, whoever has the least choice first; what
     * nobody keeps is unwanted.
     *
     * @param since when an agent began to boot
     * @param waiting for what each build waits
     */
    static <A, L> List<A> unwanted(
            List<A> booting, Function<A, Instant> since, List<L> waiting, BiPredicate<L, A> fits) {
        List<A> left = new ArrayList<>(
                booting.stream().sorted(Comparator.comparing(since)).toList());
        List<L> inTurn = new ArrayList<>(waiting);
        inTurn.sort(Comparator.comparingLong(label ->
                booting.stream().filter(agent -> fits.test(label, agent)).count()));
        for (L label : inTurn) {
            left.stream().filter(agent -> fits.test(label, agent)).findFirst().ifPresent(left::remove);
        }
        return left;
    }
}
