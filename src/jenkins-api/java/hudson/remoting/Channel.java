package hudson.remoting;

public class Channel implements hudson.remoting.VirtualChannel, hudson.remoting.IChannel, java.io.Closeable {
    public <V, T extends java.lang.Throwable> V call(hudson.remoting.Callable<V, T> p0)
            throws java.io.IOException, T, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public <V, T extends java.lang.Throwable> hudson.remoting.Future<V> callAsync(hudson.remoting.Callable<V, T> p0)
            throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public void close() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public abstract static class Listener {
        public Listener() {}

        public void onClosed(hudson.remoting.Channel p0, java.io.IOException p1) {
            throw new UnsupportedOperationException();
        }
    }
}
