package io.jenkins.plugins.virtainers.fleet;

import hudson.ExtensionList;
import hudson.ExtensionPoint;

/**
 * Has whoever provides agents look again, since something changed that builds wait for. Each call returns at once and
 * may be made under any lock. There is one implementation.
 */
public interface Reviews extends ExtensionPoint {
    static Reviews get() {
        return ExtensionList.lookupSingleton(Reviews.class);
    }

    /** Room came free, or an agent that several builds hoped for was taken. */
    void soon();

    /** Something is left alone for a while: looks again when it no longer is. */
    void whenPausesEnd();

    /** One of the agents that are kept ready was taken. */
    void ofReadyAgents();
}
