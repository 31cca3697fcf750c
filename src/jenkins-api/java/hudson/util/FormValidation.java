package hudson.util;

public abstract class FormValidation extends java.io.IOException implements org.kohsuke.stapler.HttpResponse {
    public final hudson.util.FormValidation.Kind kind;

    {
        kind = null;
    }

    public static hudson.util.FormValidation error(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.util.FormValidation warning(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.util.FormValidation ok(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.util.FormValidation ok() {
        throw new UnsupportedOperationException();
    }

    public static hudson.util.FormValidation validateNonNegativeInteger(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.util.FormValidation validateIntegerInRange(java.lang.String p0, int p1, int p2) {
        throw new UnsupportedOperationException();
    }

    public static hudson.util.FormValidation validatePositiveInteger(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public enum Kind {
        OK,
        WARNING,
        ERROR;
    }
}
