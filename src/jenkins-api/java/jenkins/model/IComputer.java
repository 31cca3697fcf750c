package jenkins.model;

public interface IComputer extends hudson.security.AccessControlled {
    java.lang.String getName();

    java.util.List<? extends jenkins.model.IDisplayExecutor> getDisplayExecutors();

    boolean isOffline();

    java.lang.String getDisplayName();

    boolean isAcceptingTasks();

    java.lang.String getUrl();

    jenkins.agents.IOfflineCause getOfflineCause();

    boolean isConnecting();

    int countBusy();

    int countExecutors();

    boolean isOnline();

    int countIdle();

    boolean isLaunchSupported();

    java.util.concurrent.Future<?> connect(boolean p0);

    default hudson.security.ACL getACL() {
        throw new UnsupportedOperationException();
    }
}
