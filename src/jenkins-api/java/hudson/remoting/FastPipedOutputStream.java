package hudson.remoting;

public class FastPipedOutputStream extends java.io.OutputStream
        implements hudson.remoting.ErrorPropagatingOutputStream {
    public FastPipedOutputStream(hudson.remoting.FastPipedInputStream p0) throws java.io.IOException {}

    public void close() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public void error(java.lang.Throwable p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public void flush() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public void write(int p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }
}
