package jakarta.servlet;

public interface ServletContext {
    java.lang.String getRealPath(java.lang.String p0);
}
