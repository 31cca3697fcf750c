package hudson.model;

public interface ResourceActivity {
    java.lang.String getDisplayName();
}
