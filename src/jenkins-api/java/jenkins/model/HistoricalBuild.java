package jenkins.model;

public interface HistoricalBuild extends hudson.model.ModelObject {
    int getNumber();
}
