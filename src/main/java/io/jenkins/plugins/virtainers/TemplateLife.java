package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.forms.Fields;
import io.jenkins.plugins.virtainers.forms.Limit;
import java.time.Duration;
import java.util.OptionalInt;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** How many agents a template has, and how long each stays. */
@ExportedBean(defaultVisibility = 3)
public class TemplateLife extends TemplateSettings implements Describable<TemplateLife> {
    static final int DEFAULT_BUILDS = 1;
    private static final int DEFAULT_IDLE_MINUTES = 2;

    @CheckForNull
    private Integer instanceCap;

    @CheckForNull
    private Integer minReady;

    @CheckForNull
    private Integer maxBuilds;

    @CheckForNull
    private Integer idleMinutes;

    @DataBoundConstructor
    public TemplateLife() {
        // All of it is optional.
    }

    OptionalInt cap() {
        return Limit.of(instanceCap);
    }

    /** How many agents are kept ready for builds to come. */
    public int readyAgents() {
        return Limit.of(minReady).orElse(0);
    }

    /** Builds that one agent takes, one after the other or at once; empty for any number. */
    public OptionalInt buildsPerAgent() {
        return maxBuilds == null ? OptionalInt.of(DEFAULT_BUILDS) : Limit.of(maxBuilds);
    }

    /** How long an agent stays without a build. */
    public Duration idleTime() {
        return Duration.ofMinutes(idleMinutes == null || idleMinutes < 0 ? DEFAULT_IDLE_MINUTES : idleMinutes);
    }

    @CheckForNull
    @Exported
    public Integer getInstanceCap() {
        return instanceCap;
    }

    @DataBoundSetter
    public void setInstanceCap(@CheckForNull Integer instanceCap) {
        this.instanceCap = instanceCap;
    }

    @CheckForNull
    @Exported
    public Integer getMinReady() {
        return minReady;
    }

    @DataBoundSetter
    public void setMinReady(@CheckForNull Integer minReady) {
        this.minReady = minReady;
    }

    /** Builds that one agent takes: 1 unless written, 0 for any number. */
    @CheckForNull
    @Exported
    public Integer getMaxBuilds() {
        return maxBuilds;
    }

    @DataBoundSetter
    public void setMaxBuilds(@CheckForNull Integer maxBuilds) {
        this.maxBuilds = maxBuilds;
    }

    @CheckForNull
    @Exported
    public Integer getIdleMinutes() {
        return idleMinutes;
    }

    @DataBoundSetter
    public void setIdleMinutes(@CheckForNull Integer idleMinutes) {
        this.idleMinutes = idleMinutes;
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<TemplateLife> {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Number and life";
        }

        @RequirePOST
        public FormValidation doCheckInstanceCap(@QueryParameter String value) {
            return Limit.check(value);
        }

        @RequirePOST
        public FormValidation doCheckMinReady(@QueryParameter String value) {
            return Fields.nonNegative(value);
        }

        @RequirePOST
        public FormValidation doCheckMaxBuilds(@QueryParameter String value) {
            return Fields.nonNegative(value);
        }

        @RequirePOST
        public FormValidation doCheckIdleMinutes(@QueryParameter String value) {
            return Fields.nonNegative(value);
        }
    }
}
