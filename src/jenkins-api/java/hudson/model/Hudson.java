package hudson.model;

public class Hudson extends jenkins.model.Jenkins {
    public static class CloudList extends jenkins.model.Jenkins.CloudList {}
}
