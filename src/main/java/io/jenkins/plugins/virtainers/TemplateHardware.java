package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.virtainers.engine.spec.Acceleration;
import io.jenkins.plugins.virtainers.engine.spec.DiskSize;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.engine.spec.VncPassword;
import io.jenkins.plugins.virtainers.forms.Fields;
import java.util.Arrays;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** What a template's machines are made of, beside processors and memory. */
@ExportedBean(defaultVisibility = 3)
public class TemplateHardware extends TemplateSettings implements Describable<TemplateHardware> {
    @CheckForNull
    private String disk;

    @CheckForNull
    private String acceleration;

    /** Null for no. */
    @CheckForNull
    private Boolean screen;

    @DataBoundConstructor
    public TemplateHardware() {
        // All of it is optional.
    }

    void describe(VmSpec.Builder spec) {
        Fields.given(disk).map(DiskSize::parse).ifPresent(spec::disk);
        Fields.given(acceleration).map(Acceleration::parse).ifPresent(spec::acceleration);
        if (isScreen()) {
            // Who wants to use it, and not only to see it, sets another in the environment.
            spec.vnc(VncPassword.random());
        }
    }

    @CheckForNull
    @Exported
    public String getDisk() {
        return disk;
    }

    @DataBoundSetter
    public void setDisk(@CheckForNull String disk) {
        this.disk = Util.fixEmptyAndTrim(disk);
    }

    @CheckForNull
    @Exported
    public String getAcceleration() {
        return acceleration;
    }

    @DataBoundSetter
    public void setAcceleration(@CheckForNull String acceleration) {
        this.acceleration = Util.fixEmptyAndTrim(acceleration);
    }

    public boolean isScreen() {
        return screen != null && screen;
    }

    @DataBoundSetter
    public void setScreen(boolean screen) {
        this.screen = screen ? true : null;
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<TemplateHardware> {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Hardware";
        }

        @RequirePOST
        public ListBoxModel doFillAccelerationItems() {
            return Fields.words(Arrays.stream(Acceleration.values()).map(Acceleration::word));
        }

        @RequirePOST
        public FormValidation doCheckDisk(@QueryParameter String value) {
            return Fields.parsed(value, DiskSize::parse);
        }
    }
}
