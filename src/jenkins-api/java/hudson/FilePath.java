package hudson;

public final class FilePath implements org.jenkinsci.remoting.SerializableOnlyOverRemoting {
    public FilePath(hudson.remoting.VirtualChannel p0, java.lang.String p1) {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getRemote() {
        throw new UnsupportedOperationException();
    }

    public hudson.FilePath child(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public void mkdirs() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public void deleteRecursive() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public boolean isDirectory() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public hudson.FilePath createTextTempFile(java.lang.String p0, java.lang.String p1, java.lang.String p2)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public boolean exists() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public java.lang.String readToString() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public void write(java.lang.String p0, java.lang.String p1)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }
}
