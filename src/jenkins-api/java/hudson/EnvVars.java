package hudson;

public class EnvVars extends java.util.TreeMap<java.lang.String, java.lang.String> {
    public java.lang.String put(java.lang.String p0, java.lang.String p1) {
        throw new UnsupportedOperationException();
    }
}
