package io.jenkins.plugins.virtainers.forms;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** What the forms of clouds, hosts and templates tell an administrator beside a field, and nobody else. */
public final class Fields {
    private Fields() {}

    /** What was written into a field, unless that is nothing. */
    public static Optional<String> given(@CheckForNull String written) {
        return Optional.ofNullable(written).filter(value -> !value.isBlank());
    }

    /** What is to be said of a field that somebody filled in. */
    public static FormValidation check(@CheckForNull String value, Function<String, FormValidation> verdict) {
        return !Jenkins.get().hasPermission(Jenkins.ADMINISTER) || Util.fixEmptyAndTrim(value) == null
                ? FormValidation.ok()
                : verdict.apply(value);
    }

    /** The same of a field that only needs to be read without an {@link InvalidSpecException}. */
    public static FormValidation parsed(@CheckForNull String value, Function<String, ?> reading) {
        return check(value, written -> {
            try {
                Objects.requireNonNull(reading.apply(written));
                return FormValidation.ok();
            } catch (InvalidSpecException e) {
                return FormValidation.error(e.getMessage());
            }
        });
    }

    /** Whether a machine can be described with what was written. */
    public static FormValidation inSpec(@CheckForNull String value, BiConsumer<VmSpec.Builder, String> setting) {
        return parsed(value, written -> {
            VmSpec.Builder spec = VmSpec.of(ImageRef.parse("debian:12"));
            setting.accept(spec, written);
            return spec.build();
        });
    }

    /** Whether a field holds a number from 0. */
    public static FormValidation nonNegative(@CheckForNull String value) {
        return check(value, FormValidation::validateNonNegativeInteger);
    }

    /** Words to choose from. */
    public static ListBoxModel words(Stream<String> words) {
        ListBoxModel items = new ListBoxModel();
        if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            words.forEach(items::add);
        }
        return items;
    }

    /**
     * The credentials of one kind to choose from; who may not see them gets the chosen one back.
     *
     * @param there where it is to be shown: one that is kept to another domain is no choice
     * @param none adds the choice of no credential
     */
    public static ListBoxModel credentials(
            Class<? extends StandardCredentials> kind,
            @CheckForNull String chosen,
            List<DomainRequirement> there,
            Consumer<StandardListBoxModel> none) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            none.accept(items);
            items.includeMatchingAs(ACL.SYSTEM2, Jenkins.get(), kind, there, CredentialsMatchers.always());
        }
        return items.includeCurrentValue(Util.fixNull(chosen));
    }
}
