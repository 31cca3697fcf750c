package org.kohsuke.stapler;

public interface StaplerFallback {
    java.lang.Object getStaplerFallback();
}
