package org.kohsuke.accmod;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
@java.lang.annotation.Documented
public @interface Restricted {
    java.lang.Class<? extends org.kohsuke.accmod.AccessRestriction>[] value();
}
