package jakarta.servlet.http;

public interface HttpServletResponse extends jakarta.servlet.ServletResponse {
    int SC_BAD_REQUEST = 400;
}
