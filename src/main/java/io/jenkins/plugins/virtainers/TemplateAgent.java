package io.jenkins.plugins.virtainers;

import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.RelativePath;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Node;
import hudson.slaves.AbstractCloudSlave;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.virtainers.credentials.LoginCredentials;
import io.jenkins.plugins.virtainers.engine.agent.AgentProgram;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.forms.Fields;
import io.jenkins.plugins.virtainers.forms.Limit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** What a template's agents are to Jenkins, and how their program is started. */
@ExportedBean(defaultVisibility = 3)
public class TemplateAgent extends TemplateSettings implements Describable<TemplateAgent> {
    @CheckForNull
    private Node.Mode mode;

    @CheckForNull
    private Integer executors;

    @CheckForNull
    private String credentialsId;

    @CheckForNull
    private String initScript;

    /** Null for no. */
    @CheckForNull
    private Boolean initScriptInTemplate;

    @CheckForNull
    private String remoteFs;

    @CheckForNull
    private String javaPath;

    @CheckForNull
    private String jvmOptions;

    /** Null for yes. */
    @CheckForNull
    private Boolean inTemplate;

    @CheckForNull
    private List<NodeProperty<?>> nodeProperties;

    @DataBoundConstructor
    public TemplateAgent() {
        // All of it is optional.
    }

    /** What builds an agent takes that ask for no label. */
    public Node.Mode usage() {
        return mode == null ? Node.Mode.EXCLUSIVE : mode;
    }

    int wantedExecutors() {
        return Limit.of(executors).orElse(1);
    }

    /** The remote root directory. */
    public String workDirectory() {
        return Fields.given(remoteFs).orElse(AgentProgram.USUAL_DIRECTORY);
    }

    /** What starts Java in the guest; empty to take what is found there. */
    public Optional<String> java() {
        return Fields.given(javaPath);
    }

    /** Who logs in; empty where each agent has a key of its own. */
    public Optional<String> credential() {
        return Optional.ofNullable(credentialsId);
    }

    /** The init script that a guest runs, with line ends of its own kind. */
    public Optional<String> script() {
        return Fields.given(initScript).map(text -> text.replace("\r\n", "\n") + "\n");
    }

    /**
     * The init script as user data: cloud-init's root runs it as the user of the agents.
     *
     * @param user who that is; empty for the one that the image has made for it
     */
    Optional<String> scriptAsUserData(Optional<String> user) {
        // Lines as the guest's shell has them, whatever those of the controller's system are.
        return script().filter(text -> isInitScriptInTemplate())
                .map(text -> String.join(
                        "\n",
                        "#!/bin/sh",
                        "set -e",
                        "user=" + user.map(ShellWords::quote).orElse("$(cat /etc/virtainers/user)"),
                        "script=$(mktemp /var/tmp/init.XXXXXX)",
                        "base64 -d >\"$script\" <<'END'",
                        Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)),
                        "END",
                        "chown \"$user\" \"$script\"",
                        "chmod 700 \"$script\"",
                        "exec runuser -l \"$user\" -c \"exec %s$script\""
                                .formatted(text.startsWith("#!") ? "" : "sh -e "),
                        ""));
    }

    /** Properties of the node. */
    public List<NodeProperty<?>> properties() {
        return nodeProperties == null ? List.of() : List.copyOf(nodeProperties);
    }

    @CheckForNull
    @Exported
    public Node.Mode getMode() {
        return mode;
    }

    @DataBoundSetter
    public void setMode(@CheckForNull Node.Mode mode) {
        this.mode = mode;
    }

    @CheckForNull
    @Exported
    public Integer getExecutors() {
        return executors;
    }

    @DataBoundSetter
    public void setExecutors(@CheckForNull Integer executors) {
        this.executors = executors;
    }

    /** Whose key or password logs in; without one, each agent has a key of its own that nobody else ever had. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @CheckForNull
    public String getInitScript() {
        return initScript;
    }

    @DataBoundSetter
    public void setInitScript(@CheckForNull String initScript) {
        this.initScript = Util.fixEmptyAndTrim(initScript);
    }

    /** Whether the init script runs once, in the memory template, rather than in each machine. */
    public boolean isInitScriptInTemplate() {
        return initScriptInTemplate != null && initScriptInTemplate;
    }

    @DataBoundSetter
    public void setInitScriptInTemplate(boolean initScriptInTemplate) {
        this.initScriptInTemplate = initScriptInTemplate ? true : null;
    }

    @CheckForNull
    @Exported
    public String getRemoteFs() {
        return remoteFs;
    }

    @DataBoundSetter
    public void setRemoteFs(@CheckForNull String remoteFs) {
        this.remoteFs = Util.fixEmptyAndTrim(remoteFs);
    }

    /** The image's own Java; without, the image's if it is new enough, else the one that the runtime brings along. */
    @CheckForNull
    @Exported
    public String getJavaPath() {
        return javaPath;
    }

    @DataBoundSetter
    public void setJavaPath(@CheckForNull String javaPath) {
        this.javaPath = Util.fixEmptyAndTrim(javaPath);
    }

    @CheckForNull
    @Exported
    public String getJvmOptions() {
        return jvmOptions;
    }

    @DataBoundSetter
    public void setJvmOptions(@CheckForNull String jvmOptions) {
        this.jvmOptions = Util.fixEmptyAndTrim(jvmOptions);
    }

    /** Whether the agent's program waits in the memory template, where it can, rather than be started in each guest. */
    public boolean isInTemplate() {
        return inTemplate == null || inTemplate;
    }

    @DataBoundSetter
    public void setInTemplate(boolean inTemplate) {
        this.inTemplate = inTemplate ? null : false;
    }

    @CheckForNull
    public List<NodeProperty<?>> getNodeProperties() {
        return nodeProperties;
    }

    @DataBoundSetter
    public void setNodeProperties(@CheckForNull List<NodeProperty<?>> nodeProperties) {
        this.nodeProperties =
                nodeProperties == null || nodeProperties.isEmpty() ? null : new ArrayList<>(nodeProperties);
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<TemplateAgent> {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Agent";
        }

        /** Properties of nodes that fit an agent of a cloud. */
        public List<NodePropertyDescriptor> getNodePropertyDescriptors() {
            return NodeProperty.all().stream()
                    .filter(property -> property.isApplicable(AbstractCloudSlave.class))
                    .toList();
        }

        @RequirePOST
        public ListBoxModel doFillModeItems() {
            ListBoxModel items = new ListBoxModel();
            if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                // The first is what a template has that says nothing.
                items.add(Node.Mode.EXCLUSIVE.getDescription(), Node.Mode.EXCLUSIVE.name());
                items.add(Node.Mode.NORMAL.getDescription(), Node.Mode.NORMAL.name());
            }
            return items;
        }

        @RequirePOST
        public FormValidation doCheckExecutors(
                @QueryParameter String value, @RelativePath("../life") @QueryParameter String maxBuilds) {
            FormValidation number = Limit.check(value);
            Integer executors = Limit.read(value);
            if (number.kind != FormValidation.Kind.OK
                    || !Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    || executors == null) {
                return number;
            }
            Integer written = Limit.read(maxBuilds);
            int builds = written == null ? TemplateLife.DEFAULT_BUILDS : written;
            return builds > 0 && executors > builds
                    ? FormValidation.warning("An agent takes %d build%s, so it has no more executors than that."
                            .formatted(builds, builds == 1 ? "" : "s"))
                    : FormValidation.ok();
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
            return Fields.credentials(
                    StandardUsernameCredentials.class,
                    credentialsId,
                    LoginCredentials.THERE,
                    items -> items.add("- a new key for each agent -", ""));
        }

        @RequirePOST
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            return Fields.check(value, LoginCredentials::check);
        }

        @RequirePOST
        public FormValidation doCheckRemoteFs(@QueryParameter String value) {
            return Fields.check(
                    value,
                    written -> written.strip().startsWith("/")
                            ? FormValidation.ok()
                            : FormValidation.error(
                                    "Write an absolute path, such as " + AgentProgram.USUAL_DIRECTORY + "."));
        }
    }
}
