package hudson.remoting;

public interface ErrorPropagatingOutputStream {
    void error(java.lang.Throwable p0) throws java.io.IOException;
}
