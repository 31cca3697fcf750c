package jakarta.servlet.http;

public interface HttpServletResponse extends jakarta.servlet.ServletResponse {
    int SC_BAD_REQUEST = 400;
    int SC_SERVICE_UNAVAILABLE = 503;

    void setHeader(String name, String value);

    void setStatus(int status);
}
