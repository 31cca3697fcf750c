package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.security.ACL;
import java.util.List;
import jenkins.model.Jenkins;

/** The credentials of this Jenkins that an administrator may name in a cloud. */
final class StoredCredentials {
    private StoredCredentials() {}

    /**
     * Of whatever kind; null when there is none that may be used there.
     *
     * @param there where it is to be shown: an administrator may keep it to a domain
     */
    @CheckForNull
    static StandardCredentials find(String id, List<DomainRequirement> there) {
        return CredentialsProvider.findCredentialByIdInItemGroup(
                id, StandardCredentials.class, Jenkins.get(), ACL.SYSTEM2, there);
    }
}
