package hudson.util;

public class PersistedList<T> extends java.util.AbstractList<T> {
    public boolean add(T p0) {
        throw new UnsupportedOperationException();
    }

    public boolean addAll(java.util.Collection<? extends T> p0) {
        throw new UnsupportedOperationException();
    }

    public T get(int p0) {
        throw new UnsupportedOperationException();
    }

    public <U extends T> java.util.List<U> getAll(java.lang.Class<U> p0) {
        throw new UnsupportedOperationException();
    }

    public int size() {
        throw new UnsupportedOperationException();
    }

    public void remove(java.lang.Class<? extends T> p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public void clear() {
        throw new UnsupportedOperationException();
    }

    public java.util.Iterator<T> iterator() {
        throw new UnsupportedOperationException();
    }

    public <X> X[] toArray(X[] p0) {
        throw new UnsupportedOperationException();
    }

    public boolean isEmpty() {
        throw new UnsupportedOperationException();
    }

    public boolean contains(java.lang.Object p0) {
        throw new UnsupportedOperationException();
    }
}
