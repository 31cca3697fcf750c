package org.kohsuke.stapler.framework.io;

public class ByteBuffer extends java.io.OutputStream {
    public ByteBuffer() {}

    public void write(int p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }
}
