package hudson.slaves;

public class AbstractCloudComputer<T extends hudson.slaves.AbstractCloudSlave> extends hudson.slaves.SlaveComputer {
    public AbstractCloudComputer(T p0) {}

    public T getNode() {
        throw new UnsupportedOperationException();
    }
}
