package org.kohsuke.stapler.framework.io;

public class LargeText {}
