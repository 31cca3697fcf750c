package io.jenkins.plugins.virtainers;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import jenkins.model.Jenkins;

/** What the forms of clouds, hosts and templates tell an administrator beside a field, and nobody else. */
final class Fields {
    private Fields() {}

    /** What is to be said of a field that somebody filled in. */
    static FormValidation check(@CheckForNull String value, Function<String, FormValidation> verdict) {
        return !Jenkins.get().hasPermission(Jenkins.ADMINISTER) || Util.fixEmptyAndTrim(value) == null
                ? FormValidation.ok()
                : verdict.apply(value);
    }

    /** The same of a field that only needs to be read without an {@link InvalidSpecException}. */
    static FormValidation parsed(@CheckForNull String value, Function<String, ?> reading) {
        return check(value, written -> {
            try {
                Objects.requireNonNull(reading.apply(written));
                return FormValidation.ok();
            } catch (InvalidSpecException e) {
                return FormValidation.error(e.getMessage());
            }
        });
    }

    /**
     * The credentials of one kind to choose from; who may not see them gets the chosen one back.
     *
     * @param none adds the choice of no credential
     */
    static ListBoxModel credentials(
            Class<? extends StandardCredentials> kind,
            @CheckForNull String chosen,
            Consumer<StandardListBoxModel> none) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            none.accept(items);
            items.includeMatchingAs(ACL.SYSTEM2, Jenkins.get(), kind, List.of(), CredentialsMatchers.always());
        }
        return items.includeCurrentValue(Util.fixNull(chosen));
    }
}
