package hudson.model.queue;

public abstract class CauseOfBlockage {
    public static hudson.model.queue.CauseOfBlockage fromMessage(org.jvnet.localizer.Localizable p0) {
        throw new UnsupportedOperationException();
    }
}
