package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Node;
import hudson.model.Run;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.VmName;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * Each node that asks for the label gets a machine of its own through the queue.
 */
public class VirtainerStep extends Step implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Logger LOGGER = Logger.getLogger(VirtainerStep.class.getName());

    static final String LABEL = "VIRTAINER_LABEL";

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

    @DataBoundConstructor
    public VirtainerStep(String image) {
        this.image = Util.fixNull(image).strip();
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, this);
    }

    /** The cloud that was named, else the first that lets the job in. */
    private VirtainerCloud cloudFor(String job) throws AbortException {
        List<VirtainerCloud> candidates = Fleet.clouds().stream()
                .filter(candidate -> cloud == null || candidate.name.equals(cloud))
                .toList();
        if (candidates.isEmpty()) {
            throw new AbortException(
                    cloud == null
                            ? "There is no cloud of virtainers: add one under Manage Jenkins, Clouds."
                            : "There is no cloud of virtainers with the name %s.".formatted(cloud));
        }
        Optional<VirtainerCloud> open = candidates.stream()
                .filter(candidate ->
                        candidate.policy().refusalOfJob(candidate.name, job).isEmpty())
                .findFirst();
        if (open.isEmpty()) {
            VirtainerCloud closed = candidates.get(0);
            throw new AbortException(
                    closed.policy().refusalOfJob(closed.name, job).orElseThrow());
        }
        return open.get();
    }

    /** A machine as the cloud's own template for the image has it, with what was asked for in place of that. */
    private VirtainerTemplate template(VirtainerCloud home, String label) {
        VirtainerTemplate template =
                home.ownTemplate(image).map(own -> own.copyFor(image)).orElseGet(() -> new VirtainerTemplate(image));
        template.setName(label);
        template.setLabels(label);
        template.setMode(Node.Mode.EXCLUSIVE);
        template.setMaxBuilds(1);
        Optional.ofNullable(cpus).ifPresent(template::setCpus);
        Optional.ofNullable(memory).ifPresent(template::setMemory);
        Optional.ofNullable(disk).ifPresent(template::setDisk);
        Optional.ofNullable(network).ifPresent(template::setNetwork);
        Optional.ofNullable(userData).ifPresent(text -> {
            template.setUserData(text);
            // It would stand above.
            template.setSeedCredentialsId(null);
        });
        return template;
    }

    private VirtainerTemplate checked(VirtainerCloud home, String label) throws AbortException {
        if (cpus != null && cpus < 1) {
            throw new AbortException("A machine has at least 1 CPU, not %d.".formatted(cpus));
        }
        try {
            VirtainerTemplate template = template(home, label);
            Optional<String> refusal = home.refusal(template);
            if (refusal.isPresent()) {
                throw new AbortException(refusal.get());
            }
            // Says what is wrong with it now, not when a node is asked for.
            Objects.requireNonNull(template.toSpec(new VmName("virtainer"), List.of()));
            return template;
        } catch (InvalidSpecException e) {
            throw new AbortException(e.getMessage());
        }
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

    /** Keeps the offer up from the body's begin to its end, restarts of the controller included. */
    static class Execution extends AbstractStepExecutionImpl {
        @Serial
        private static final long serialVersionUID = 1;

        private final VirtainerStep step;

        private String cloud;
        private String label;

        Execution(StepContext context, VirtainerStep step) {
            super(context);
            this.step = step;
        }

        @Override
        public boolean start() throws Exception {
            Run<?, ?> run = getContext().get(Run.class);
            label = "virtainer-%d-%s"
                    .formatted(run.getNumber(), UUID.randomUUID().toString().substring(0, 8));
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
            VirtainerCloud home = step.cloudFor(run.getParent().getFullName());
            Fleet.get().pipelineTemplates().add(home.name, step.checked(home, label));
            return home.name;
        }

        /** Offers the same again. Whether that is still allowed is asked whenever a machine is made of it. */
        @Override
        public void onResume() {
            Optional<VirtainerCloud> home = Fleet.cloud(cloud);
            if (home.isEmpty()) {
                LOGGER.log(Level.WARNING, "Cloud {0} is gone, so {1} gets no more machines of it", new Object[] {
                    cloud, getContext()
                });
                return;
            }
            Fleet.get().pipelineTemplates().add(home.get().name, step.template(home.get(), label));
            Provisioning.get().reviewAll();
        }

        @Override
        public void stop(@NonNull Throwable cause) throws Exception {
            if (cloud != null && label != null) {
                Fleet.get().pipelineTemplates().remove(cloud, label);
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
            Fleet.get().pipelineTemplates().remove(cloud, label);
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
