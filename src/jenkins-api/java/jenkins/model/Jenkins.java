package jenkins.model;

public class Jenkins extends hudson.model.AbstractCIBase
        implements jenkins.model.DirectlyModifiableTopLevelItemGroup,
                org.kohsuke.stapler.StaplerProxy,
                org.kohsuke.stapler.StaplerFallback,
                hudson.model.ModifiableViewGroup,
                hudson.security.AccessControlled,
                hudson.model.DescriptorByNameOwner,
                jenkins.model.ModelObjectWithContextMenu,
                jenkins.model.ModelObjectWithChildren,
                jenkins.util.io.OnMaster,
                jenkins.model.Loadable {
    public final hudson.model.Hudson.CloudList clouds;

    {
        clouds = null;
    }

    public final hudson.slaves.NodeProvisioner unlabeledNodeProvisioner;

    {
        unlabeledNodeProvisioner = null;
    }

    public static final hudson.security.Permission ADMINISTER = null;
    public static final hudson.security.Permission SYSTEM_READ = null;

    public jakarta.servlet.ServletContext getServletContext() {
        throw new UnsupportedOperationException();
    }

    public static jenkins.model.Jenkins get() throws java.lang.IllegalStateException {
        throw new UnsupportedOperationException();
    }

    public void setNodeName(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getNodeDescription() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Descriptor getDescriptorOrDie(java.lang.Class<? extends hudson.model.Describable> p0) {
        throw new UnsupportedOperationException();
    }

    public hudson.Launcher createLauncher(hudson.model.TaskListener p0) {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Node getNode(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public java.util.List<hudson.model.Node> getNodes() {
        throw new UnsupportedOperationException();
    }

    public void addNode(hudson.model.Node p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public boolean updateNode(hudson.model.Node p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public hudson.util.DescribableList<hudson.slaves.NodeProperty<?>, hudson.slaves.NodePropertyDescriptor>
            getNodeProperties() {
        throw new UnsupportedOperationException();
    }

    public hudson.slaves.NodeDescriptor getDescriptor() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getSearchUrl() {
        throw new UnsupportedOperationException();
    }

    public java.io.File getRootDir() {
        throw new UnsupportedOperationException();
    }

    public hudson.FilePath getWorkspaceFor(hudson.model.TopLevelItem p0) {
        throw new UnsupportedOperationException();
    }

    public hudson.FilePath getRootPath() {
        throw new UnsupportedOperationException();
    }

    public hudson.remoting.Callable<hudson.util.ClockDifference, java.io.IOException> getClockDifferenceCallable() {
        throw new UnsupportedOperationException();
    }

    public hudson.security.ACL getACL() {
        throw new UnsupportedOperationException();
    }

    public boolean isQuietingDown() {
        throw new UnsupportedOperationException();
    }

    public boolean isTerminating() {
        throw new UnsupportedOperationException();
    }

    public int getNumExecutors() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Node.Mode getMode() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getLabelString() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Computer createComputer() {
        throw new UnsupportedOperationException();
    }

    public void load() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public void save() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public static org.springframework.security.core.Authentication getAuthentication2() {
        throw new UnsupportedOperationException();
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.View getStaplerFallback() {
        throw new UnsupportedOperationException();
    }

    public static class CloudList
            extends hudson.util.DescribableList<hudson.slaves.Cloud, hudson.model.Descriptor<hudson.slaves.Cloud>> {}
}
