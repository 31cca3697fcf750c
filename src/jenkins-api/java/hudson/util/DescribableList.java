package hudson.util;

public class DescribableList<T extends hudson.model.Describable<T>, D extends hudson.model.Descriptor<T>>
        extends hudson.util.PersistedList<T> {
    public boolean contains(D p0) {
        throw new UnsupportedOperationException();
    }

    public void remove(D p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public T[] toArray(T[] p0) {
        throw new UnsupportedOperationException();
    }
}
