package hudson.console;

public class AnnotatedLargeText<T> extends org.kohsuke.stapler.framework.io.LargeText {
    public AnnotatedLargeText(
            org.kohsuke.stapler.framework.io.ByteBuffer p0, java.nio.charset.Charset p1, boolean p2, T p3) {}

    public void doProgressiveHtml(org.kohsuke.stapler.StaplerRequest2 p0, org.kohsuke.stapler.StaplerResponse2 p1)
            throws java.io.IOException {
        throw new UnsupportedOperationException();
    }
}
