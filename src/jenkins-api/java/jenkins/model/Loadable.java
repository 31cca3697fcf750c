package jenkins.model;

public interface Loadable {
    void load() throws java.io.IOException;
}
