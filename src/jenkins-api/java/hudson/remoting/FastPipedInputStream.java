package hudson.remoting;

public class FastPipedInputStream extends java.io.InputStream {
    public FastPipedInputStream() {}

    public void close() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public int read() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }
}
