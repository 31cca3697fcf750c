package jakarta.servlet;

public interface ServletResponse {
    void setContentType(String type);

    ServletOutputStream getOutputStream() throws java.io.IOException;
}
