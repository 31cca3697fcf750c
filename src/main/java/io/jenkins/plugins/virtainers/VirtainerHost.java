package io.jenkins.plugins.virtainers;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.virtainers.credentials.HostCredentials;
import io.jenkins.plugins.virtainers.credentials.TlsCredentials;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.dial.SshAddress;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.forms.Fields;
import io.jenkins.plugins.virtainers.forms.Limit;
import java.util.Arrays;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.docker.commons.credentials.DockerServerCredentials;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * A container engine that a cloud may use, as it is configured: where it listens, what to show it, and how much of it is
 * for virtual machines.
 */
@ExportedBean
public class VirtainerHost implements Describable<VirtainerHost> {
    /** Where Docker listens unless somebody moved it. */
    public static final String LOCAL = "unix:///var/run/docker.sock";

    private final String uri;

    @CheckForNull
    private String credentialsId;

    @CheckForNull
    private String hostKey;

    @CheckForNull
    private String way;

    @CheckForNull
    private Integer agents;

    @CheckForNull
    private Integer cpus;

    @CheckForNull
    private String memory;

    @DataBoundConstructor
    public VirtainerHost(String uri) {
        this.uri = Util.fixNull(uri).isBlank() ? LOCAL : uri.strip();
    }

    @Exported
    public String getUri() {
        return uri;
    }

    /**
     * The id of what opens the engine to this client: a Docker server credential for TLS, an SSH key for an engine behind
     * SSH.
     */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** The public host key that a host behind SSH must show, as {@code ssh-keyscan} prints it. */
    @CheckForNull
    @Exported
    public String getHostKey() {
        return hostKey;
    }

    @DataBoundSetter
    public void setHostKey(@CheckForNull String hostKey) {
        this.hostKey = Util.fixEmptyAndTrim(hostKey);
    }

    /** How its guests are reached; empty for every way, one after another. */
    @CheckForNull
    @Exported
    public String getWay() {
        return way;
    }

    @DataBoundSetter
    public void setWay(@CheckForNull String way) {
        this.way = Util.fixEmptyAndTrim(way);
    }

    /**
     * Which ways to its guests are tried.
     *
     * @throws VirtainerException when the configured one is none
     */
    public Reach reach() {
        return Fields.given(way).map(Reach::parse).orElse(Reach.AUTO);
    }

    /** How many agents it may run at once. */
    @CheckForNull
    @Exported
    public Integer getAgents() {
        return agents;
    }

    @DataBoundSetter
    public void setAgents(@CheckForNull Integer agents) {
        this.agents = agents;
    }

    /** How many processors its agents may have together. */
    @CheckForNull
    @Exported
    public Integer getCpus() {
        return cpus;
    }

    @DataBoundSetter
    public void setCpus(@CheckForNull Integer cpus) {
        this.cpus = cpus;
    }

    /** How much memory its agents may have together. */
    @CheckForNull
    @Exported
    public String getMemory() {
        return memory;
    }

    @DataBoundSetter
    public void setMemory(@CheckForNull String memory) {
        this.memory = Util.fixEmptyAndTrim(memory);
    }

    /**
     * Where it listens, with what to show it.
     *
     * @throws VirtainerException when the address is none, or the credential is not there
     */
    public DockerEndpoint endpoint() {
        return endpoint(uri, credentialsId, hostKey);
    }

    private static DockerEndpoint endpoint(
            String uri, @CheckForNull String credentialsId, @CheckForNull String hostKey) {
        DockerEndpoint bare = DockerEndpoint.parse(uri, Optional.empty());
        if (credentialsId == null) {
            return bare;
        }
        Optional<SshAddress> ssh = bare.ssh();
        return ssh.isPresent()
                ? bare.loggedInTo(HostCredentials.find(credentialsId, ssh.get(), hostKey))
                : DockerEndpoint.parse(uri, Optional.of(TlsCredentials.find(credentialsId, uri)));
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<VirtainerHost> {
        @Override
        public String getDisplayName() {
            return "Container host";
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId, @QueryParameter String uri) {
            return Fields.credentials(
                    Util.fixNull(uri).strip().startsWith("ssh:")
                            ? SSHUserPrivateKey.class
                            : DockerServerCredentials.class,
                    credentialsId,
                    TlsCredentials.there(uri),
                    StandardListBoxModel::includeEmptyValue);
        }

        @RequirePOST
        public ListBoxModel doFillWayItems() {
            return Fields.words(Arrays.stream(Reach.values()).map(Reach::word));
        }

        @RequirePOST
        public FormValidation doCheckUri(@QueryParameter String uri, @QueryParameter String credentialsId) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            if (Util.fixEmptyAndTrim(uri) == null) {
                return FormValidation.ok("Empty means " + LOCAL + ".");
            }
            DockerEndpoint endpoint;
            try {
                endpoint = DockerEndpoint.parse(uri, Optional.empty());
            } catch (VirtainerException e) {
                return FormValidation.error(e.getMessage());
            }
            if (endpoint.isOpenToAnybody() && Util.fixEmptyAndTrim(credentialsId) == null) {
                return FormValidation.warning(
                        "Without TLS, whoever reaches this address, or listens on the way, owns that"
                                + " machine. Choose a TLS credential, or use a socket.");
            }
            return FormValidation.ok();
        }

        @RequirePOST
        public FormValidation doCheckCredentialsId(
                @QueryParameter String credentialsId, @QueryParameter String uri, @QueryParameter String hostKey) {
            return Fields.check(credentialsId, id -> {
                try {
                    endpoint(new VirtainerHost(uri).getUri(), id, hostKey);
                    return FormValidation.ok();
                } catch (VirtainerException e) {
                    return FormValidation.error(e.getMessage());
                }
            });
        }

        /** Looks at the host as the form describes it. For administrators only: it shows the credential to the address. */
        @RequirePOST
        public FormValidation doTestConnection(
                @QueryParameter String uri,
                @QueryParameter String credentialsId,
                @QueryParameter String hostKey,
                @QueryParameter String memory,
                @QueryParameter String agents,
                @QueryParameter String cpus) {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            VirtainerHost host = new VirtainerHost(uri);
            host.setCredentialsId(credentialsId);
            host.setHostKey(hostKey);
            host.setMemory(memory);
            host.setAgents(Limit.read(agents));
            host.setCpus(Limit.read(cpus));
            return CloudView.get().test(host);
        }

        @RequirePOST
        public FormValidation doCheckAgents(@QueryParameter String value) {
            return Limit.check(value);
        }

        @RequirePOST
        public FormValidation doCheckCpus(@QueryParameter String value) {
            return Limit.check(value);
        }

        @RequirePOST
        public FormValidation doCheckMemory(@QueryParameter String value) {
            return Fields.parsed(value, MemorySize::parse);
        }
    }
}
