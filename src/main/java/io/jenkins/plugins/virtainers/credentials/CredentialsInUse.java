package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Node;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Tells Jenkins which credentials an agent came up by: the page of a credential shows who uses it. */
public final class CredentialsInUse {
    private static final Logger LOGGER = Logger.getLogger(CredentialsInUse.class.getName());

    private CredentialsInUse() {}

    /**
     * Never fails: an agent that works is not to end for it.
     *
     * @param ids of credentials, each as often as it is used
     */
    public static void by(Node agent, Stream<String> ids) {
        List<StandardCredentials> used = ids.distinct()
                .map(id -> StoredCredentials.find(id, List.of()))
                .filter(Objects::nonNull)
                .toList();
        if (used.isEmpty()) {
            return;
        }
        try {
            CredentialsProvider.trackAll(agent, used);
        } catch (RuntimeException e) {
            // Of a listener, which may be anybody's.
            LOGGER.log(Level.WARNING, "Cannot tell which credentials " + agent.getNodeName() + " uses", e);
        }
    }
}
