package io.jenkins.plugins.virtainers.fleet;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Who has what of which host. Every limit is checked and every claim entered in one step, so that no burst of builds gets
 * past a cap.
 */
@Extension
public final class Ledger {
    private final Map<String, Claim> claims = new LinkedHashMap<>();
    private boolean counted;

    /** The ledger of this controller, in which the claims stand that were there before this start. */
    public static Ledger get() {
        Ledger ledger = ExtensionList.lookupSingleton(Ledger.class);
        ledger.count();
        return ledger;
    }

    private synchronized void count() {
        if (!counted) {
            counted = true;
            for (ClaimSource source : ExtensionList.lookup(ClaimSource.class)) {
                source.claims().forEach(this::enter);
            }
        }
    }

    /** The answer to a wish. */
    public sealed interface Answer {
        /** Granted: the claim is entered. */
        record Granted(Claim claim) implements Answer {}

        /**
         * Not now.
         *
         * @param reason a sentence for people
         */
        record Refused(String reason) implements Answer {}
    }

    /**
     * What somebody wants.
     *
     * @param agent the name it will have
     * @param cloud whose cap counts
     * @param cloudCap agents of the cloud at once
     * @param template whose cap counts, by its key
     * @param templateName for sentences
     * @param templateCap agents of the template at once
     * @param cpus of its machine
     * @param memory of its machine
     */
    public record Wish(
            String agent,
            String cloud,
            OptionalInt cloudCap,
            String template,
            String templateName,
            OptionalInt templateCap,
            int cpus,
            MemorySize memory) {}

    /**
     * Enters a claim on the host with the largest share free, unless a cap is reached or no host has room.
     *
     * @param hosts those that work, in the order of the configuration, which decides between equals
     */
    public synchronized Answer claim(Wish wish, List<HostOffer> hosts) {
        long ofCloud = count(claim -> claim.cloud().equals(wish.cloud()));
        if (wish.cloudCap().isPresent() && ofCloud >= wish.cloudCap().getAsInt()) {
            return new Answer.Refused("Cloud %s has its %d agent%s, and may have no more at once."
                    .formatted(wish.cloud(), ofCloud, ofCloud == 1 ? "" : "s"));
        }
        long ofTemplate = count(
                claim -> claim.cloud().equals(wish.cloud()) && claim.template().equals(wish.template()));
        if (wish.templateCap().isPresent() && ofTemplate >= wish.templateCap().getAsInt()) {
            return new Answer.Refused("Template %s of cloud %s has its %d agent%s, and may have no more at once."
                    .formatted(wish.templateName(), wish.cloud(), ofTemplate, ofTemplate == 1 ? "" : "s"));
        }
        Optional<HostOffer> best = hosts.stream()
                .filter(host -> share(host, wish) >= 0)
                .min(Comparator.comparingDouble((HostOffer host) -> -share(host, wish))
                        .thenComparingLong(host -> count(on(host))));
        if (best.isEmpty()) {
            return new Answer.Refused("No host of cloud %s has room for another agent with %d CPU%s and %s of memory."
                    .formatted(wish.cloud(), wish.cpus(), wish.cpus() == 1 ? "" : "s", wish.memory()));
        }
        Claim claim = new Claim(
                wish.agent(), wish.cloud(), wish.template(), best.get().uri(), wish.cpus(), wish.memory());
        claims.put(claim.agent(), claim);
        return new Answer.Granted(claim);
    }

    /** Enters what is so anyway: an agent that was there before this ledger. */
    public synchronized void enter(Claim claim) {
        claims.put(claim.agent(), claim);
    }

    /** Strikes an agent's claim out. Does nothing when it has none. */
    public synchronized void release(String agent) {
        claims.remove(agent);
    }

    public synchronized boolean holds(String agent) {
        return claims.containsKey(agent);
    }

    public synchronized Collection<Claim> all() {
        return List.copyOf(claims.values());
    }

    /** How full a host is. */
    public synchronized Use use(HostOffer host) {
        return new Use(
                Math.toIntExact(count(on(host))),
                claims.values().stream().filter(on(host)).mapToInt(Claim::cpus).sum(),
                memoryOn(host));
    }

    /**
     * What the agents on a host take together.
     *
     * @param agents their number
     * @param cpus of their machines
     * @param megabytes of memory of their machines, and of what these take beside that where it counts
     */
    public record Use(int agents, int cpus, long megabytes) {}

    /** The smallest share of any limited thing that would be left; negative when there is no room. */
    private double share(HostOffer host, Wish wish) {
        Use use = use(host);
        double agents = left(host.agents(), use.agents() + 1);
        double cpus = left(host.cpus(), use.cpus() + wish.cpus());
        double memory = host.memory()
                .map(limit -> left(limit.megabytes(), use.megabytes() + memoryOf(wish.memory(), host)))
                .orElse(1.0);
        return Math.min(agents, Math.min(cpus, memory));
    }

    private static double left(OptionalInt limit, long taken) {
        return limit.isPresent() ? left(limit.getAsInt(), taken) : 1.0;
    }

    private static double left(long limit, long taken) {
        return (double) (limit - taken) / limit;
    }

    private long memoryOn(HostOffer host) {
        return claims.values().stream()
                .filter(on(host))
                .mapToLong(claim -> memoryOf(claim.memory(), host))
                .sum();
    }

    /** In megabytes, what an agent takes of a host. */
    private static long memoryOf(MemorySize machine, HostOffer host) {
        return machine.megabytes() + host.besides().map(MemorySize::megabytes).orElse(0L);
    }

    /** A host may serve several clouds; what it has, it has once. */
    private static Predicate<Claim> on(HostOffer host) {
        return claim -> claim.host().equals(host.uri());
    }

    private long count(Predicate<Claim> wanted) {
        return claims.values().stream().filter(wanted).count();
    }
}
