package io.jenkins.plugins.virtainers.fleet;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Which hosts answer nobody, and since when. Time is that of this process, which nobody sets: a step of the clock loses no
 * host. Safe for use by several threads.
 */
@Extension
public final class HostContacts {
    private final Map<String, Silence> silent = new HashMap<>();
    private volatile LongSupplier nanos = System::nanoTime;

    public static HostContacts get() {
        return ExtensionList.lookupSingleton(HostContacts.class);
    }

    private record Silence(long sinceNanos, String reason) {}

    /**
     * A host that has not answered for as long as the leases of its machines last, which have ended by themselves then.
     *
     * @param since when it did not answer first, by the clock of now
     * @param reason what it said of itself last, or what was said of it
     */
    public record Loss(Instant since, String reason) {}

    /** For tests that cannot wait. */
    void tellTimeBy(LongSupplier other) {
        nanos = other;
    }

    /** A host did what it was asked. */
    public synchronized void answered(String uri) {
        silent.remove(uri);
    }

    /** A host did not do what it was asked, perhaps because it is away: the failure says so. */
    public void failed(String uri, VirtainerException problem) {
        if (!problem.failure().isOfHostAway()) {
            return;
        }
        boolean news;
        synchronized (this) {
            Silence before = silent.get(uri);
            news = before == null;
            silent.put(uri, new Silence(news ? nanos.getAsLong() : before.sinceNanos(), problem.getMessage()));
        }
        if (news) {
            // Its agents are of no use to builds, which may want others.
            Reviews.get().soon();
            Reviews.get().ofReadyAgents();
        }
    }

    /** Whether it did not answer when it was last asked. */
    public synchronized boolean isSilent(String uri) {
        return silent.containsKey(uri);
    }

    /** Whether its machines have ended by themselves, if it is there at all. */
    public boolean isLost(String uri) {
        return loss(uri).isPresent();
    }

    public synchronized Optional<Loss> loss(String uri) {
        return Optional.ofNullable(silent.get(uri)).flatMap(this::loss);
    }

    /** Every host that is lost, by its address. */
    public synchronized Map<String, Loss> lost() {
        Map<String, Loss> lost = new TreeMap<>();
        silent.forEach((uri, silence) -> loss(silence).ifPresent(loss -> lost.put(uri, loss)));
        return lost;
    }

    private Optional<Loss> loss(Silence silence) {
        Duration lasted = Duration.ofNanos(nanos.getAsLong() - silence.sinceNanos());
        return lasted.compareTo(VirtainerTemplate.LEASE) < 0
                ? Optional.empty()
                : Optional.of(new Loss(Instant.now().minus(lasted), silence.reason()));
    }

    /** Forgets every host but these. */
    synchronized void keepOnly(Collection<String> uris) {
        silent.keySet().retainAll(uris);
    }
}
