package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.NetworkMode;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.forms.Fields;
import java.util.Arrays;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** How a template's machines are reached, and what they reach. */
@ExportedBean(defaultVisibility = 3)
public class TemplateNetwork extends TemplateSettings implements Describable<TemplateNetwork> {
    @CheckForNull
    private String mode;

    @CheckForNull
    private String joins;

    @DataBoundConstructor
    public TemplateNetwork() {
        // All of it is optional.
    }

    void describe(VmSpec.Builder spec) {
        Fields.given(mode).map(NetworkMode::parse).ifPresent(spec::network);
        joinsOf(joins).forEach(spec::join);
    }

    private static List<NetworkJoin> joinsOf(@CheckForNull String written) {
        return Fields.given(written).stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(NetworkJoin::parse)
                .toList();
    }

    @CheckForNull
    @Exported
    public String getMode() {
        return mode;
    }

    @DataBoundSetter
    public void setMode(@CheckForNull String mode) {
        this.mode = Util.fixEmptyAndTrim(mode);
    }

    /** Networks of the container host that the machine is on, NETWORK or NETWORK=ADDRESS, a line each. */
    @CheckForNull
    @Exported
    public String getJoins() {
        return joins;
    }

    @DataBoundSetter
    public void setJoins(@CheckForNull String joins) {
        this.joins = Util.fixEmptyAndTrim(joins);
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<TemplateNetwork> {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Network";
        }

        @RequirePOST
        public ListBoxModel doFillModeItems() {
            return Fields.words(Arrays.stream(NetworkMode.values()).map(NetworkMode::word));
        }

        @RequirePOST
        public FormValidation doCheckJoins(@QueryParameter String value) {
            return Fields.inSpec(value, (spec, written) -> joinsOf(written).forEach(spec::join));
        }
    }
}
