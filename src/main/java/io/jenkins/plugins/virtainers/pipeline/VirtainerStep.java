package io.jenkins.plugins.virtainers.pipeline;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.virtainers.PipelineTemplates;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.fleet.Reviews;
import java.io.Serial;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.steps.AbstractStepExecutionImpl;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * Offers a kind of machine while its body runs, under a label that nobody else has: {@code VIRTAINER_LABEL} in the body.
 * Each node that asks for the label gets a machine of its own through the queue. A pipeline that calls it comes by
 * {@link VirtainerVariable}, which asks for one such node around the body unless the label alone is wanted.
 */
public class VirtainerStep extends Step implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(VirtainerStep.class.getName());

    static final String LABEL = "VIRTAINER_LABEL";

    private static final String NOBODY_ASKS_FOR_THE_NODE =
            "Called on the steps object, virtainer only offers a label: call it on the script itself, or say labelOnly: true and use node(VIRTAINER_LABEL) in its block.";

    private final MachineWish machine;

    private boolean labelOnly;

    @DataBoundConstructor
    public VirtainerStep(String image) {
        this.machine = new MachineWish(image);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, this);
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

    /** Whether the body itself asks for nodes with the label, as many as it likes, and begins on none of them. */
    public boolean isLabelOnly() {
        return labelOnly;
    }

    @DataBoundSetter
    public void setLabelOnly(boolean labelOnly) {
        this.labelOnly = labelOnly;
    }

    /** Keeps the offer up from the body's begin to its end, restarts of the controller included. */
    static class Execution extends AbstractStepExecutionImpl {
        @Serial
        private static final long serialVersionUID = 1;

        private final VirtainerStep step;

        private String cloud;
        private String label;
        private String build;

        Execution(StepContext context, VirtainerStep step) {
            super(context);
            this.step = step;
        }

        @Override
        public boolean start() throws Exception {
            if (!step.labelOnly) {
                throw new AbortException(NOBODY_ASKS_FOR_THE_NODE);
            }
            Run<?, ?> run = getContext().get(Run.class);
            label = "virtainer-%d-%s"
                    .formatted(run.getNumber(), UUID.randomUUID().toString().substring(0, 8));
            build = run.getExternalizableId();
            cloud = offer(run);
            getContext()
                    .newBodyInvoker()
                    .withContext(EnvironmentExpander.merge(
                            getContext().get(EnvironmentExpander.class),
                            EnvironmentExpander.constant(Map.of(LABEL, label))))
                    .withCallback(new End(cloud, label))
                    .start();
            return false;
        }

        private String offer(Run<?, ?> run) throws AbortException {
            VirtainerCloud home = step.machine.cloudFor(run.getParent().getFullName());
            PipelineTemplates.get().add(home.name, step.machine.checked(home, label), build);
            return home.name;
        }

        /** Offers the same again. Whether that is still allowed is asked whenever a machine is made of it. */
        @Override
        public void onResume() {
            Optional<VirtainerCloud> home = VirtainerCloud.find(cloud);
            if (home.isEmpty()) {
                LOGGER.log(Level.WARNING, "Cloud {0} is gone, so {1} gets no more machines of it", new Object[] {
                    cloud, getContext()
                });
                return;
            }
            PipelineTemplates.get().add(home.get().name, step.machine.template(home.get(), label), build);
            Reviews.get().soon();
        }

        @Override
        public void stop(@NonNull Throwable cause) throws Exception {
            if (cloud != null && label != null) {
                PipelineTemplates.get().remove(cloud, label);
            }
            super.stop(cause);
        }
    }

    /** Takes the offer away, however the body ended. */
    private static final class End extends BodyExecutionCallback.TailCall {
        @Serial
        private static final long serialVersionUID = 1;

        private final String cloud;
        private final String label;

        End(String cloud, String label) {
            this.cloud = cloud;
            this.label = label;
        }

        @Override
        protected void finished(StepContext context) {
            PipelineTemplates.get().remove(cloud, label);
        }
    }

    @OptionalExtension(requirePlugins = "workflow-step-api")
    public static class DescriptorImpl extends StepDescriptor {
        @Override
        public String getFunctionName() {
            return "virtainer";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return "Run on a virtual machine of its own";
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class);
        }
    }
}
