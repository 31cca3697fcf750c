package org.kohsuke.accmod.restrictions;

public class DoNotUse extends org.kohsuke.accmod.AccessRestriction {}
