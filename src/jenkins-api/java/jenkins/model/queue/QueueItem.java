package jenkins.model.queue;

public interface QueueItem extends hudson.model.ModelObject {
    long getId();

    default java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }
}
