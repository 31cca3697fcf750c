package io.jenkins.plugins.virtainers.forms;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.FormValidation;
import java.util.OptionalInt;

/** How forms write an upper limit: a positive number, or nothing for none. */
public final class Limit {
    private Limit() {}

    /** The limit; zero and less, which old or hand-written configurations may hold, are none. */
    public static OptionalInt of(@CheckForNull Integer configured) {
        return configured == null || configured <= 0 ? OptionalInt.empty() : OptionalInt.of(configured);
    }

    /** What stands in a form that is not saved yet; null for nothing and for nonsense, which the field complains about. */
    @CheckForNull
    public static Integer read(@CheckForNull String written) {
        try {
            return Integer.valueOf(Util.fixNull(written).strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** What a form says beside such a field. */
    public static FormValidation check(String value) {
        return Fields.check(value, FormValidation::validatePositiveInteger);
    }
}
