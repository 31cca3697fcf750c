package jenkins.agents;

public interface IOfflineCause {
    long getTimestamp();

    default java.util.Date getTime() {
        throw new UnsupportedOperationException();
    }
}
