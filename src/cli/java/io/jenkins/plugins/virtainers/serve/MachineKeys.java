package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.Optional;

/** Where the keys of kept machines are. Called from several threads. */
public interface MachineKeys {
    /** Remembers the key that logs in to a machine. */
    void saveKey(VmName name, SshKeyPair key);

    /** Remembers the host key that a machine must show at an address. */
    void saveHostKey(VmName name, Endpoint endpoint, HostKey key);

    /** The key that logs in to a machine, if it is known here. */
    Optional<SshKeyPair> key(VmName name);

    /** Forgets a machine. */
    void forget(VmName name);
}
