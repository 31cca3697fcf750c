package io.jenkins.plugins.virtainers.fleet;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The engines in use, one for each host, however many clouds and agents share it. Connections are opened when first used
 * and let go when no cloud knows the host any longer. Safe for use by several threads.
 */
@Extension
public final class Engines {
    private static final Logger LOGGER = Logger.getLogger(Engines.class.getName());

    public static Engines get() {
        return ExtensionList.lookupSingleton(Engines.class);
    }

    private final Map<Listening, VmEngine> open = new HashMap<>();
    private final Map<String, HostInfo> seen = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();

    /**
     * Who listens where.
     *
     * @param uri as the configuration has it
     * @param endpoint that it stands for, with the credentials of now
     * @param reach which ways to its guests are tried
     */
    private record Listening(String uri, DockerEndpoint endpoint, Reach reach) {}

    /**
     * The engine of a host.
     *
     * @throws io.jenkins.plugins.virtainers.engine.failure.VirtainerException when the host's address or credential is of no use
     */
    public VmEngine of(VirtainerHost host) {
        DockerEndpoint endpoint = host.endpoint();
        synchronized (this) {
            return open.computeIfAbsent(
                    new Listening(host.getUri(), endpoint, host.reach()), any -> source().open(endpoint, host.reach()));
        }
    }

    private static EngineSource source() {
        return ExtensionList.lookup(EngineSource.class).iterator().next();
    }

    /** Asks a host what it is, and remembers the answer. */
    public HostInfo ask(VirtainerHost host) throws InterruptedException {
        HostInfo info = of(host).host().info();
        seen.put(host.getUri(), info);
        return info;
    }

    /**
     * Asks a host that has not answered yet what it is, in another thread, and has builds looked at when it has. Returns
     * at once; may be called under any lock.
     */
    public void getToKnow(VirtainerHost host) {
        String uri = host.getUri();
        if (seen.containsKey(uri) || !asking.add(uri)) {
            return;
        }
        Computer.threadPoolForRemoting.submit(() -> {
            try {
                ask(host);
                Reviews.get().soon();
            } catch (VirtainerException e) {
                // Whoever starts a machine there says it.
                LOGGER.log(Level.FINE, "Cannot ask " + uri + " what it is", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                asking.remove(uri);
            }
        });
    }

    /** What a host said when it was last asked. */
    public Optional<HostInfo> lastSeen(String uri) {
        return Optional.ofNullable(seen.get(uri));
    }

    /** Lets go of every host but these. */
    public void keepOnly(Collection<VirtainerHost> hosts) {
        Set<String> addresses = hosts.stream().map(VirtainerHost::getUri).collect(Collectors.toSet());
        synchronized (this) {
            open.entrySet().removeIf(entry -> {
                boolean unused = !addresses.contains(entry.getKey().uri());
                if (unused) {
                    entry.getValue().host().close();
                }
                return unused;
            });
        }
        seen.keySet().retainAll(addresses);
        HostContacts.get().keepOnly(addresses);
    }
}
