package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.DiskSize;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.forms.Fields;
import io.jenkins.plugins.virtainers.forms.Limit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * What pipelines may ask of a cloud, as its administrator decides. Whatever the administrator's own template for an image
 * has may be had by pipelines too; the policy is about what they ask for beyond that.
 */
public class PipelinePolicy implements Describable<PipelinePolicy> {
    private static final int DEFAULT_CPUS = 4;
    private static final MemorySize DEFAULT_MEMORY = MemorySize.parse("8G");
    private static final DiskSize DEFAULT_DISK = DiskSize.parse("40G");

    @CheckForNull
    private String jobs;

    @CheckForNull
    private String images;

    @CheckForNull
    private Integer maxCpus;

    @CheckForNull
    private String maxMemory;

    @CheckForNull
    private String maxDisk;

    private boolean allowUserData;
    private boolean allowNetwork;

    @DataBoundConstructor
    public PipelinePolicy() {
        // All of it is optional.
    }

    /** Why a job may not use the cloud at all, in a sentence. */
    public Optional<String> refusalOfJob(String cloud, String job) {
        List<String> patterns = patterns(jobs);
        return patterns.isEmpty() || matchesAny(patterns, job)
                ? Optional.empty()
                : Optional.of("Job %s may not use cloud %s, which is for %s."
                        .formatted(job, cloud, String.join(", ", patterns)));
    }

    /**
     * Why a machine may not be had, in a sentence.
     *
     * @param own the administrator's template for that image, if there is one
     * @throws InvalidSpecException when what is wanted makes no sense
     */
    Optional<String> refusalOfMachine(String cloud, VirtainerTemplate wanted, Optional<VirtainerTemplate> own) {
        ImageRef image = ImageRef.parse(wanted.getImage());
        if (own.isEmpty() && !allows(image)) {
            return Optional.of("Image %s is not among those that pipelines may boot in cloud %s: %s."
                    .formatted(image, cloud, allowedImages()));
        }
        int cpus = wanted.wantedCpus();
        int mostCpus = Limit.of(maxCpus).orElse(DEFAULT_CPUS);
        if (cpus > mostCpus && own.stream().noneMatch(template -> template.wantedCpus() >= cpus)) {
            return Optional.of(
                    "Pipelines may have %d CPUs at most in cloud %s, not %d.".formatted(mostCpus, cloud, cpus));
        }
        MemorySize memory = wanted.wantedMemory();
        MemorySize mostMemory = Fields.given(maxMemory).map(MemorySize::parse).orElse(DEFAULT_MEMORY);
        if (memory.compareTo(mostMemory) > 0
                && own.stream().noneMatch(template -> template.wantedMemory().compareTo(memory) >= 0)) {
            return Optional.of("Pipelines may have %s of memory at most in cloud %s, not %s."
                    .formatted(mostMemory, cloud, memory));
        }
        DiskSize mostDisk = Fields.given(maxDisk).map(DiskSize::parse).orElse(DEFAULT_DISK);
        Optional<DiskSize> disk = Fields.given(wanted.hardware().getDisk()).map(DiskSize::parse);
        if (disk.isPresent()
                && disk.get().bytes() > mostDisk.bytes()
                && differs(wanted, own, template -> template.hardware().getDisk())) {
            return Optional.of("Pipelines may have a disk of %s at most in cloud %s, not %s."
                    .formatted(mostDisk, cloud, disk.get()));
        }
        if (!allowUserData && differs(wanted, own, template -> template.boot().getUserData())) {
            return Optional.of("Pipelines may not bring user data to cloud %s.".formatted(cloud));
        }
        if (!allowNetwork && differs(wanted, own, template -> template.network().getMode())) {
            return Optional.of("Pipelines may not choose the network in cloud %s.".formatted(cloud));
        }
        return Optional.empty();
    }

    private static boolean differs(
            VirtainerTemplate wanted, Optional<VirtainerTemplate> own, Function<VirtainerTemplate, String> setting) {
        Optional<String> asked = Fields.given(setting.apply(wanted));
        return asked.isPresent() && !asked.equals(own.flatMap(template -> Fields.given(setting.apply(template))));
    }

    private boolean allows(ImageRef image) {
        List<String> patterns = patterns(images);
        return patterns.isEmpty()
                ? image.isOwn()
                : matchesAny(patterns, image.toString()) || matchesAny(patterns, image.reference());
    }

    private String allowedImages() {
        List<String> patterns = patterns(images);
        return patterns.isEmpty()
                ? "the project's own and those of its templates"
                : String.join(", ", patterns) + " and those of its templates";
    }

    private static List<String> patterns(@CheckForNull String written) {
        return Fields.given(written).stream()
                .flatMap(list -> Arrays.stream(list.split("[\\s,]+")))
                .filter(pattern -> !pattern.isEmpty())
                .toList();
    }

    /** A star stands for anything, slashes included; all else for itself. */
    static boolean matchesAny(List<String> patterns, String value) {
        return patterns.stream()
                .anyMatch(pattern -> value.matches(Arrays.stream(pattern.split("\\*", -1))
                        .map(Pattern::quote)
                        .reduce((left, right) -> left + ".*" + right)
                        .orElse("")));
    }

    @CheckForNull
    public String getJobs() {
        return jobs;
    }

    @DataBoundSetter
    public void setJobs(@CheckForNull String jobs) {
        this.jobs = Util.fixEmptyAndTrim(jobs);
    }

    @CheckForNull
    public String getImages() {
        return images;
    }

    @DataBoundSetter
    public void setImages(@CheckForNull String images) {
        this.images = Util.fixEmptyAndTrim(images);
    }

    @CheckForNull
    public Integer getMaxCpus() {
        return maxCpus;
    }

    @DataBoundSetter
    public void setMaxCpus(@CheckForNull Integer maxCpus) {
        this.maxCpus = maxCpus;
    }

    @CheckForNull
    public String getMaxMemory() {
        return maxMemory;
    }

    @DataBoundSetter
    public void setMaxMemory(@CheckForNull String maxMemory) {
        this.maxMemory = Util.fixEmptyAndTrim(maxMemory);
    }

    @CheckForNull
    public String getMaxDisk() {
        return maxDisk;
    }

    @DataBoundSetter
    public void setMaxDisk(@CheckForNull String maxDisk) {
        this.maxDisk = Util.fixEmptyAndTrim(maxDisk);
    }

    public boolean isAllowUserData() {
        return allowUserData;
    }

    @DataBoundSetter
    public void setAllowUserData(boolean allowUserData) {
        this.allowUserData = allowUserData;
    }

    public boolean isAllowNetwork() {
        return allowNetwork;
    }

    @DataBoundSetter
    public void setAllowNetwork(boolean allowNetwork) {
        this.allowNetwork = allowNetwork;
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<PipelinePolicy> {
        @Override
        public String getDisplayName() {
            return "What pipelines may ask for";
        }

        @RequirePOST
        public FormValidation doCheckMaxCpus(@QueryParameter String value) {
            return Limit.check(value);
        }

        @RequirePOST
        public FormValidation doCheckMaxMemory(@QueryParameter String value) {
            return Fields.parsed(value, MemorySize::parse);
        }

        @RequirePOST
        public FormValidation doCheckMaxDisk(@QueryParameter String value) {
            return Fields.parsed(value, DiskSize::parse);
        }
    }
}
