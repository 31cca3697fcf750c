package hudson.remoting;

public interface VirtualChannel {
    <V, T extends java.lang.Throwable> V call(hudson.remoting.Callable<V, T> p0)
            throws java.io.IOException, T, java.lang.InterruptedException;
}
