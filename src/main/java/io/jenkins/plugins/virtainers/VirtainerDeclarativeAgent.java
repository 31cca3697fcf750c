package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.pipeline.modeldefinition.agent.DeclarativeAgentDescriptor;
import org.jenkinsci.plugins.pipeline.modeldefinition.agent.RetryableDeclarativeAgent;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A machine as the agent of a Declarative pipeline or of one of its stages; {@link VirtainerStep} does the work. */
public class VirtainerDeclarativeAgent extends RetryableDeclarativeAgent<VirtainerDeclarativeAgent> {
    private final String image;

    @CheckForNull
    private String cloud;

    @CheckForNull
    private Integer cpus;

    @CheckForNull
    private String memory;

    @CheckForNull
    private String disk;

    @CheckForNull
    private String network;

    @CheckForNull
    private String userData;

    @CheckForNull
    private String customWorkspace;

    @DataBoundConstructor
    public VirtainerDeclarativeAgent(String image) {
        this.image = image;
    }

    /** Arguments of the step. */
    public Map<String, Object> machine() {
        Map<String, Object> machine = new TreeMap<>();
        machine.put("image", image);
        machine.put("cloud", cloud);
        machine.put("cpus", cpus);
        machine.put("memory", memory);
        machine.put("disk", disk);
        machine.put("network", network);
        machine.put("userData", userData);
        machine.values().removeIf(value -> value == null);
        return machine;
    }

    public String getImage() {
        return image;
    }

    @CheckForNull
    public String getCloud() {
        return cloud;
    }

    @DataBoundSetter
    public void setCloud(@CheckForNull String cloud) {
        this.cloud = Util.fixEmptyAndTrim(cloud);
    }

    @CheckForNull
    public Integer getCpus() {
        return cpus;
    }

    @DataBoundSetter
    public void setCpus(@CheckForNull Integer cpus) {
        this.cpus = cpus;
    }

    @CheckForNull
    public String getMemory() {
        return memory;
    }

    @DataBoundSetter
    public void setMemory(@CheckForNull String memory) {
        this.memory = Util.fixEmptyAndTrim(memory);
    }

    @CheckForNull
    public String getDisk() {
        return disk;
    }

    @DataBoundSetter
    public void setDisk(@CheckForNull String disk) {
        this.disk = Util.fixEmptyAndTrim(disk);
    }

    @CheckForNull
    public String getNetwork() {
        return network;
    }

    @DataBoundSetter
    public void setNetwork(@CheckForNull String network) {
        this.network = Util.fixEmptyAndTrim(network);
    }

    @CheckForNull
    public String getUserData() {
        return userData;
    }

    @DataBoundSetter
    public void setUserData(@CheckForNull String userData) {
        this.userData = Util.fixEmptyAndTrim(userData);
    }

    @CheckForNull
    public String getCustomWorkspace() {
        return customWorkspace;
    }

    @DataBoundSetter
    public void setCustomWorkspace(@CheckForNull String customWorkspace) {
        this.customWorkspace = Util.fixEmptyAndTrim(customWorkspace);
    }

    @OptionalExtension(
            requirePlugins = {
                "pipeline-model-extensions",
                "workflow-basic-steps",
                "workflow-durable-task-step",
                "workflow-step-api"
            })
    @Symbol("virtainer")
    public static class DescriptorImpl extends DeclarativeAgentDescriptor<VirtainerDeclarativeAgent> {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Run on a virtual machine of its own";
        }

        /** The step has the same fields. */
        @Override
        public String getHelpFile(String fieldName) {
            String own = super.getHelpFile(fieldName);
            return own != null
                    ? own
                    : Jenkins.get().getDescriptorOrDie(VirtainerStep.class).getHelpFile(fieldName);
        }
    }
}
