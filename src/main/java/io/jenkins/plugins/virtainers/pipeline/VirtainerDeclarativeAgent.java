package io.jenkins.plugins.virtainers.pipeline;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import java.util.Map;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.pipeline.modeldefinition.agent.DeclarativeAgentDescriptor;
import org.jenkinsci.plugins.pipeline.modeldefinition.agent.RetryableDeclarativeAgent;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A machine as the agent of a Declarative pipeline or of one of its stages; {@link VirtainerStep} does the work. */
public class VirtainerDeclarativeAgent extends RetryableDeclarativeAgent<VirtainerDeclarativeAgent> {
    private final MachineWish machine;

    @CheckForNull
    private String customWorkspace;

    @DataBoundConstructor
    public VirtainerDeclarativeAgent(String image) {
        this.machine = new MachineWish(image);
    }

    /** Arguments of the step, which offers the label: each try asks for a node of its own. */
    public Map<String, Object> machine() {
        Map<String, Object> arguments = machine.arguments();
        arguments.put("labelOnly", true);
        return arguments;
    }

    public String getImage() {
        return machine.image();
    }

    @CheckForNull
    public String getCloud() {
        return machine.cloud();
    }

    @DataBoundSetter
    public void setCloud(@CheckForNull String cloud) {
        machine.cloud(cloud);
    }

    @CheckForNull
    public Integer getCpus() {
        return machine.cpus();
    }

    @DataBoundSetter
    public void setCpus(@CheckForNull Integer cpus) {
        machine.cpus(cpus);
    }

    @CheckForNull
    public String getMemory() {
        return machine.memory();
    }

    @DataBoundSetter
    public void setMemory(@CheckForNull String memory) {
        machine.memory(memory);
    }

    @CheckForNull
    public String getDisk() {
        return machine.disk();
    }

    @DataBoundSetter
    public void setDisk(@CheckForNull String disk) {
        machine.disk(disk);
    }

    @CheckForNull
    public String getNetwork() {
        return machine.network();
    }

    @DataBoundSetter
    public void setNetwork(@CheckForNull String network) {
        machine.network(network);
    }

    @CheckForNull
    public String getUserData() {
        return machine.userData();
    }

    @DataBoundSetter
    public void setUserData(@CheckForNull String userData) {
        machine.userData(userData);
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
