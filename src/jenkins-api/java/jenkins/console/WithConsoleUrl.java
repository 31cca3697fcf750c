package jenkins.console;

public interface WithConsoleUrl {
    java.lang.String getConsoleUrl();
}
