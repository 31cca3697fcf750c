package hudson.slaves;

public abstract class OfflineCause implements jenkins.agents.IOfflineCause {
    public long getTimestamp() {
        throw new UnsupportedOperationException();
    }

    public static hudson.slaves.OfflineCause create(org.jvnet.localizer.Localizable p0) {
        throw new UnsupportedOperationException();
    }

    public static class SimpleOfflineCause extends hudson.slaves.OfflineCause {
        protected SimpleOfflineCause(org.jvnet.localizer.Localizable p0) {}

        public java.lang.String toString() {
            throw new UnsupportedOperationException();
        }
    }
}
