package io.jenkins.plugins.virtainers.agent;

/** What pom.xml generates from Messages.properties. */
public class Messages {
    public static org.jvnet.localizer.Localizable _VirtainerAgent_ofAnother(Object agent) {
        throw new UnsupportedOperationException();
    }

    public static org.jvnet.localizer.Localizable _VirtainerAgent_full(Object agent) {
        throw new UnsupportedOperationException();
    }

    public static org.jvnet.localizer.Localizable _VirtainerAgent_refused(Object why) {
        throw new UnsupportedOperationException();
    }

    public static org.jvnet.localizer.Localizable _VirtainerComputer_gone(Object reason) {
        throw new UnsupportedOperationException();
    }
}
