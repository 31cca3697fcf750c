package hudson;

public class ExtensionList<T> extends java.util.AbstractList<T> implements jenkins.util.io.OnMaster {
    public java.util.Iterator<T> iterator() {
        throw new UnsupportedOperationException();
    }

    public T get(int p0) {
        throw new UnsupportedOperationException();
    }

    public int size() {
        throw new UnsupportedOperationException();
    }

    public boolean remove(java.lang.Object p0) {
        throw new UnsupportedOperationException();
    }

    public boolean removeAll(java.util.Collection<?> p0) {
        throw new UnsupportedOperationException();
    }

    public final T remove(int p0) {
        throw new UnsupportedOperationException();
    }

    public boolean add(T p0) {
        throw new UnsupportedOperationException();
    }

    public void add(int p0, T p1) {
        throw new UnsupportedOperationException();
    }

    public static <T> hudson.ExtensionList<T> lookup(java.lang.Class<T> p0) {
        throw new UnsupportedOperationException();
    }

    public static <U> U lookupSingleton(java.lang.Class<U> p0) {
        throw new UnsupportedOperationException();
    }
}
