package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Api;
import hudson.model.Descriptor;
import hudson.model.Failure;
import hudson.model.Label;
import hudson.slaves.Cloud;
import hudson.slaves.NodeProvisioner;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.forms.Limit;
import io.jenkins.plugins.virtainers.status.AgentStatus;
import io.jenkins.plugins.virtainers.status.HostStatus;
import io.jenkins.plugins.virtainers.status.Mishap;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * A cloud of virtual machines, as it is configured. Saving its form makes a new one, so whatever happens while it runs
 * is kept elsewhere, by its name.
 */
@ExportedBean
public class VirtainerCloud extends Cloud {
    @CheckForNull
    private List<VirtainerHost> hosts;

    @CheckForNull
    private List<VirtainerTemplate> templates;

    @CheckForNull
    private Integer instanceCap;

    @CheckForNull
    private PipelinePolicy pipelinePolicy;

    @DataBoundConstructor
    public VirtainerCloud(String name) {
        super(name);
    }

    @CheckForNull
    public List<VirtainerHost> getHosts() {
        return hosts;
    }

    @DataBoundSetter
    public void setHosts(@CheckForNull List<VirtainerHost> hosts) {
        this.hosts = hosts == null || hosts.isEmpty() ? null : new ArrayList<>(hosts);
    }

    @CheckForNull
    public List<VirtainerTemplate> getTemplates() {
        return templates;
    }

    @DataBoundSetter
    public void setTemplates(@CheckForNull List<VirtainerTemplate> templates) {
        this.templates = templates == null || templates.isEmpty() ? null : new ArrayList<>(templates);
        distinguishTemplates();
    }

    /** Called when it was loaded. */
    protected Object readResolve() {
        distinguishTemplates();
        return this;
    }

    /** Agents know their template by its key. */
    private void distinguishTemplates() {
        if (templates != null) {
            Set<String> names = new HashSet<>();
            Set<String> keys = new HashSet<>();
            templates.forEach(template -> template.distinguishFrom(names, keys));
        }
    }

    /** Every cloud of ours, in the order of the configuration. */
    public static List<VirtainerCloud> clouds() {
        return Jenkins.get().clouds.getAll(VirtainerCloud.class);
    }

    public static Optional<VirtainerCloud> find(String name) {
        return clouds().stream().filter(cloud -> cloud.name.equals(name)).findFirst();
    }

    /** How many agents this cloud may have at once. */
    @CheckForNull
    @Exported
    public Integer getInstanceCap() {
        return instanceCap;
    }

    @DataBoundSetter
    public void setInstanceCap(@CheckForNull Integer instanceCap) {
        this.instanceCap = instanceCap;
    }

    /** What pipelines may ask for; null for the defaults. */
    @CheckForNull
    public PipelinePolicy getPipelinePolicy() {
        return pipelinePolicy;
    }

    @DataBoundSetter
    public void setPipelinePolicy(@CheckForNull PipelinePolicy pipelinePolicy) {
        this.pipelinePolicy = pipelinePolicy;
    }

    public PipelinePolicy policy() {
        return pipelinePolicy == null ? new PipelinePolicy() : pipelinePolicy;
    }

    /** The first configured template that is called so, else the first with this image. */
    public Optional<VirtainerTemplate> ownTemplate(String wanted) {
        List<VirtainerTemplate> own = templates == null ? List.of() : templates;
        Optional<VirtainerTemplate> called =
                own.stream().filter(template -> template.isCalled(wanted)).findFirst();
        ImageRef image = ImageRef.parse(wanted);
        return called.or(() -> own.stream()
                .filter(template -> template.boot().isOfImage() && template.boots(image))
                .findFirst());
    }

    /** Why a pipeline may not have a machine like this one here, in a sentence. */
    public Optional<String> refusal(VirtainerTemplate wanted) {
        return policy().refusalOfMachine(name, wanted, ownTemplate(wanted.askedFor()));
    }

    @Exported
    public String getName() {
        return name;
    }

    /** How many agents it may have at once; empty for any number. */
    public OptionalInt cap() {
        return Limit.of(instanceCap);
    }

    /** The hosts to use: those configured, else the engine of this machine. */
    public List<VirtainerHost> usableHosts() {
        return hosts == null ? List.of(new VirtainerHost(VirtainerHost.LOCAL)) : List.copyOf(hosts);
    }

    public Optional<VirtainerHost> host(String uri) {
        return usableHosts().stream().filter(host -> host.getUri().equals(uri)).findFirst();
    }

    /** What can be had here: the configured templates, then those that running pipelines brought. */
    public List<VirtainerTemplate> offers() {
        return Stream.concat(
                        templates == null ? Stream.empty() : templates.stream(),
                        PipelineTemplates.get().of(name).stream())
                .toList();
    }

    /** The template that goes by this key. */
    public Optional<VirtainerTemplate> template(String key) {
        return offers().stream().filter(template -> template.key().equals(key)).findFirst();
    }

    /** The templates whose agents may run what asks for this label. */
    public List<VirtainerTemplate> serving(@CheckForNull Label label) {
        return offers().stream().filter(template -> template.serves(label)).toList();
    }

    @Override
    public boolean canProvision(CloudState state) {
        // Also while paused: what cannot be had just now is not impossible, and Jenkins remembers a no for minutes.
        return !Jenkins.get().isQuietingDown() && !serving(state.getLabel()).isEmpty();
    }

    /**
     * Agents that are complete as soon as they are returned: what launches them makes their machines. Usually they were
     * added as soon as a build asked for them, and this is not called at all.
     */
    @Override
    public Collection<NodeProvisioner.PlannedNode> provision(CloudState state, int excessWorkload) {
        return CloudOperations.get().provision(this, state.getLabel(), excessWorkload);
    }

    /** The REST API: for those who may see how Jenkins is set up. */
    public Api getApi() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return new Api(this);
    }

    @Exported(name = "hosts")
    public List<HostStatus> getHostStatus() {
        return CloudView.get().hosts(this);
    }

    @Exported(name = "templates")
    public List<VirtainerTemplate> getOffers() {
        return offers();
    }

    /** Its agents, the oldest first. */
    @Exported
    public List<AgentStatus> getAgents() {
        return CloudView.get().agents(this);
    }

    /** What went wrong lately, the latest first. */
    @Exported
    public List<Mishap> getFailures() {
        return CloudView.get().failures(this);
    }

    /** Why it makes no new agents at present, in a sentence; null when it does. */
    @CheckForNull
    @Exported
    public String getPaused() {
        return CloudView.get().paused(this).orElse(null);
    }

    private Optional<VirtainerTemplate> templateCalled(String displayName) {
        return offers().stream()
                .filter(template -> template.displayName().equals(displayName))
                .findFirst();
    }

    /** Makes an agent of a template, by its key or by what it is called, that nobody asked for. */
    @RequirePOST
    public HttpResponse doProvision(@QueryParameter String template) {
        checkPermission(Cloud.PROVISION);
        VirtainerTemplate wanted = template(Util.fixNull(template))
                .or(() -> templateCalled(Util.fixNull(template)))
                .orElseThrow(() -> HttpResponses.error(
                        HttpServletResponse.SC_BAD_REQUEST, "Cloud " + name + " has no such template."));
        return HttpResponses.redirectViaContextPath(
                "computer/" + Util.rawEncode(CloudOperations.get().addAgent(this, wanted)));
    }

    /** Makes no new agents for a while. Those that are there stay. */
    @RequirePOST
    public HttpResponse doDisable(@QueryParameter int minutes) {
        checkPermission(Cloud.PROVISION);
        if (minutes < 1 || minutes > TimeUnit.DAYS.toMinutes(30)) {
            throw new Failure("For how many minutes? Between 1 and " + TimeUnit.DAYS.toMinutes(30) + ".");
        }
        CloudOperations.get()
                .disable(
                        this,
                        Duration.ofMinutes(minutes),
                        "switched off by " + Jenkins.getAuthentication2().getName() + ".");
        return HttpResponses.redirectToDot();
    }

    /** Makes new agents again. */
    @RequirePOST
    public HttpResponse doEnable() {
        checkPermission(Cloud.PROVISION);
        CloudOperations.get().enable(this);
        return HttpResponses.redirectToDot();
    }

    @Extension
    @Symbol("virtainers")
    public static class DescriptorImpl extends Descriptor<Cloud> {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Virtainers";
        }

        @RequirePOST
        public FormValidation doCheckName(@QueryParameter String value) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            if (Util.fixEmptyAndTrim(value) == null) {
                return FormValidation.error("A cloud has a name.");
            }
            if (Jenkins.get().clouds.stream()
                            .filter(cloud -> cloud.name.equals(value))
                            .count()
                    > 1) {
                return FormValidation.error("Two clouds have this name: agents could not tell whose they are.");
            }
            return FormValidation.ok();
        }

        @RequirePOST
        public FormValidation doCheckInstanceCap(@QueryParameter String value) {
            return Limit.check(value);
        }
    }
}
