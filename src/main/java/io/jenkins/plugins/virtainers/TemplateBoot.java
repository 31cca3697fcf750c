package io.jenkins.plugins.virtainers;

import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.RelativePath;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.virtainers.credentials.RegistryCredentials;
import io.jenkins.plugins.virtainers.credentials.SeedCredentials;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.forms.Fields;
import io.jenkins.plugins.virtainers.forms.Limit;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** What a template's machines boot, which way, and what their guests are told. */
@ExportedBean(defaultVisibility = 3)
public class TemplateBoot extends TemplateSettings implements Describable<TemplateBoot> {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

    @CheckForNull
    private String mode;

    @CheckForNull
    private String diskImage;

    @CheckForNull
    private String checksum;

    @CheckForNull
    private String user;

    @CheckForNull
    private String data;

    @CheckForNull
    private String environment;

    @CheckForNull
    private String userData;

    /** True where no other machine will have this user data; null otherwise. */
    @CheckForNull
    private Boolean userDataOfOne;

    /** Null for no. */
    @CheckForNull
    private Boolean strict;

    @CheckForNull
    private String metaData;

    @CheckForNull
    private String seedCredentialsId;

    @CheckForNull
    private String registryCredentialsId;

    @CheckForNull
    private Integer timeoutMinutes;

    @DataBoundConstructor
    public TemplateBoot() {
        // All of it is optional.
    }

    void describe(VmSpec.Builder spec) {
        spec.boot(way()).bootTimeout(timeout());
        if (!keepsDisk()) {
            spec.ephemeral();
        }
        Fields.given(diskImage).map(DiskImage.AtAddress::new).ifPresent(spec::diskImage);
        Fields.given(checksum).ifPresent(spec::checksum);
        wantedUser().ifPresent(spec::user);
        Fields.given(data).ifPresent(spec::data);
        Fields.given(userData).ifPresent(spec::userData);
        if (userDataOfOne == null) {
            spec.shareUserData();
        }
        if (isStrict()) {
            spec.env("STRICT", "yes");
        }
        Fields.given(metaData).ifPresent(spec::metaData);
        Fields.given(seedCredentialsId).map(SeedCredentials::find).ifPresent(spec::seed);
        variables(environment).forEach(spec::env);
    }

    Optional<String> wantedUser() {
        return Fields.given(user);
    }

    BootMode way() {
        return Fields.given(mode).map(BootMode::parse).orElse(BootMode.AUTO);
    }

    /** How long a guest may take to answer SSH. */
    public Duration timeout() {
        OptionalInt minutes = Limit.of(timeoutMinutes);
        return minutes.isPresent() ? Duration.ofMinutes(minutes.getAsInt()) : DEFAULT_TIMEOUT;
    }

    /** Whether guests are told by their user data or seed who is to log in. */
    public boolean makesUsers() {
        return Fields.given(userData).isPresent()
                || Fields.given(seedCredentialsId).isPresent();
    }

    /** Whether it is the image's own guest that is booted. */
    public boolean isOfImage() {
        return Fields.given(diskImage).isEmpty();
    }

    /** Whether what is on the disk is there for the next machine: only one can have it at a time. */
    public boolean keepsDisk() {
        return Fields.given(data).isPresent();
    }

    /** Lines of NAME=VALUE; empty lines and those that begin with a # say nothing. */
    private static Map<String, String> variables(@CheckForNull String written) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : Fields.given(written).stream().flatMap(String::lines).toList()) {
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                // Not quoted: the value may be on the wrong line.
                throw new InvalidSpecException("A line of the environment is not of the form NAME=VALUE.");
            }
            variables.put(line.substring(0, equals).strip(), line.substring(equals + 1));
        }
        return variables;
    }

    /** Which way the guest comes up; without, the fastest that works. */
    @CheckForNull
    @Exported
    public String getMode() {
        return mode;
    }

    @DataBoundSetter
    public void setMode(@CheckForNull String mode) {
        this.mode = Util.fixEmptyAndTrim(mode);
    }

    /** Address of the disk image to boot in place of the image's own guest. */
    @CheckForNull
    public String getDiskImage() {
        return diskImage;
    }

    @DataBoundSetter
    public void setDiskImage(@CheckForNull String diskImage) {
        this.diskImage = Util.fixEmptyAndTrim(diskImage);
    }

    /** The sha256 or sha512 that the disk image must have, or the address of a list with it. */
    @CheckForNull
    @Exported
    public String getChecksum() {
        return checksum;
    }

    @DataBoundSetter
    public void setChecksum(@CheckForNull String checksum) {
        this.checksum = Util.fixEmptyAndTrim(checksum);
    }

    /** Login of the guest that gets the keys; without, the image's. */
    @CheckForNull
    @Exported
    public String getUser() {
        return user;
    }

    @DataBoundSetter
    public void setUser(@CheckForNull String user) {
        this.user = Util.fixEmptyAndTrim(user);
    }

    /** Volume or folder of the container host that keeps the disk for the next agent. */
    @CheckForNull
    @Exported
    public String getData() {
        return data;
    }

    @DataBoundSetter
    public void setData(@CheckForNull String data) {
        this.data = Util.fixEmptyAndTrim(data);
    }

    @CheckForNull
    public String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(@CheckForNull String environment) {
        this.environment = Util.fixEmptyAndTrim(environment);
    }

    @CheckForNull
    public String getUserData() {
        return userData;
    }

    @DataBoundSetter
    public void setUserData(@CheckForNull String userData) {
        this.userData = Util.fixEmptyAndTrim(userData);
    }

    /** User data that no other machine will have, so that no memory template is made of it. */
    public void setUserDataOfOne(String text) {
        setUserData(text);
        userDataOfOne = true;
    }

    /** Whether an error of cloud-init ends the machine; without, it is a warning. */
    @Exported
    public boolean isStrict() {
        return strict != null && strict;
    }

    @DataBoundSetter
    public void setStrict(boolean strict) {
        this.strict = strict ? true : null;
    }

    /** Given to cloud-init unchanged, as user data is; without, it names the machine after its agent. */
    @CheckForNull
    public String getMetaData() {
        return metaData;
    }

    @DataBoundSetter
    public void setMetaData(@CheckForNull String metaData) {
        this.metaData = Util.fixEmptyAndTrim(metaData);
    }

    /** A secret file with all that cloud-init is told, in place of user data and meta data. */
    @CheckForNull
    public String getSeedCredentialsId() {
        return seedCredentialsId;
    }

    @DataBoundSetter
    public void setSeedCredentialsId(@CheckForNull String seedCredentialsId) {
        this.seedCredentialsId = Util.fixEmptyAndTrim(seedCredentialsId);
    }

    /** Who pulls the image; without one, anybody may. */
    @CheckForNull
    public String getRegistryCredentialsId() {
        return registryCredentialsId;
    }

    @DataBoundSetter
    public void setRegistryCredentialsId(@CheckForNull String registryCredentialsId) {
        this.registryCredentialsId = Util.fixEmptyAndTrim(registryCredentialsId);
    }

    @CheckForNull
    @Exported
    public Integer getTimeoutMinutes() {
        return timeoutMinutes;
    }

    @DataBoundSetter
    public void setTimeoutMinutes(@CheckForNull Integer timeoutMinutes) {
        this.timeoutMinutes = timeoutMinutes;
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<TemplateBoot> {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Boot";
        }

        @RequirePOST
        public ListBoxModel doFillModeItems() {
            return Fields.words(Arrays.stream(BootMode.values()).map(BootMode::word));
        }

        @RequirePOST
        public FormValidation doCheckDiskImage(@QueryParameter String value, @QueryParameter String user) {
            return Fields.inSpec(value, (spec, written) -> {
                spec.diskImage(new DiskImage.AtAddress(written.strip()));
                Fields.given(user).ifPresent(spec::user);
            });
        }

        @RequirePOST
        public FormValidation doCheckUser(@QueryParameter String value) {
            return Fields.inSpec(value, (spec, written) -> spec.user(written.strip()));
        }

        @RequirePOST
        public FormValidation doCheckData(
                @QueryParameter String value, @RelativePath("../life") @QueryParameter String instanceCap) {
            FormValidation folder = Fields.inSpec(value, (spec, written) -> spec.data(written.strip()));
            Integer cap = Limit.read(instanceCap);
            return folder.kind == FormValidation.Kind.OK
                            && Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                            && Util.fixEmptyAndTrim(value) != null
                            && cap != null
                            && cap != 1
                    ? FormValidation.warning("One machine at a time can have this disk, so there is one agent at most.")
                    : folder;
        }

        @RequirePOST
        public FormValidation doCheckEnvironment(@QueryParameter String value) {
            return Fields.inSpec(value, (spec, written) -> variables(written).forEach(spec::env));
        }

        @RequirePOST
        public FormValidation doCheckUserData(@QueryParameter String value) {
            return Fields.check(
                    value,
                    written -> written.startsWith("#cloud-config")
                                    || written.startsWith("#!")
                                    || written.startsWith("Content-Type:")
                            ? FormValidation.ok()
                            : FormValidation.warning(
                                    "cloud-init ignores user data that begins with neither #cloud-config nor #!."));
        }

        @RequirePOST
        public ListBoxModel doFillSeedCredentialsIdItems(@QueryParameter String seedCredentialsId) {
            return Fields.credentials(
                    FileCredentials.class, seedCredentialsId, List.of(), StandardListBoxModel::includeEmptyValue);
        }

        @RequirePOST
        public FormValidation doCheckSeedCredentialsId(@QueryParameter String value) {
            return SeedCredentials.check(value);
        }

        @RequirePOST
        public ListBoxModel doFillRegistryCredentialsIdItems(
                @QueryParameter String registryCredentialsId, @RelativePath("..") @QueryParameter String image) {
            return Fields.credentials(
                    StandardUsernamePasswordCredentials.class,
                    registryCredentialsId,
                    RegistryCredentials.there(image),
                    StandardListBoxModel::includeEmptyValue);
        }

        @RequirePOST
        public FormValidation doCheckRegistryCredentialsId(
                @QueryParameter String value, @RelativePath("..") @QueryParameter String image) {
            return Fields.check(value, id -> RegistryCredentials.check(id, image));
        }

        @RequirePOST
        public FormValidation doCheckTimeoutMinutes(@QueryParameter String value) {
            return Limit.check(value);
        }
    }
}
