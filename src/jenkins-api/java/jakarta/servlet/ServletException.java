package jakarta.servlet;

public class ServletException extends java.lang.Exception {}
