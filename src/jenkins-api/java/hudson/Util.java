package hudson;

public class Util {
    public static java.lang.String getTimeSpanString(long p0) {
        throw new UnsupportedOperationException();
    }

    public static java.lang.String rawEncode(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static java.lang.String escape(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static java.lang.String fixNull(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static java.lang.String fixEmptyAndTrim(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }
}
