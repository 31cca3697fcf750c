package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.security.ACL;
import java.util.List;
import jenkins.model.Jenkins;

/** The credentials of this Jenkins that an administrator may name in a cloud. */
final class StoredCredentials {
    private StoredCredentials() {}

    /** Of whatever kind; null when there is none. */
    @CheckForNull
    static StandardCredentials find(String id) {
        return CredentialsProvider.findCredentialByIdInItemGroup(
                id, StandardCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
    }
}
