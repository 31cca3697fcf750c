package org.kohsuke.stapler;

public interface StaplerOverridable {
    java.util.Collection<?> getOverrides();
}
