package org.kohsuke.stapler;

public class HttpResponses {
    public static org.kohsuke.stapler.HttpResponses.HttpResponseException error(int p0, java.lang.String p1) {
        throw new UnsupportedOperationException();
    }

    public static org.kohsuke.stapler.HttpResponses.HttpResponseException redirectViaContextPath(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static org.kohsuke.stapler.HttpResponse redirectToDot() {
        throw new UnsupportedOperationException();
    }

    public abstract static class HttpResponseException extends java.lang.RuntimeException
            implements org.kohsuke.stapler.HttpResponse {}
}
