package hudson;

public class DescriptorExtensionList<T extends hudson.model.Describable<T>, D extends hudson.model.Descriptor<T>>
        extends hudson.ExtensionList<D> {
    public boolean add(D p0) {
        throw new UnsupportedOperationException();
    }

    public boolean remove(java.lang.Object p0) {
        throw new UnsupportedOperationException();
    }
}
