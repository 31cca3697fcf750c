package org.jenkinsci.plugins.pipeline.modeldefinition.withscript;

public abstract class WithScriptDescribable<
                T extends org.jenkinsci.plugins.pipeline.modeldefinition.withscript.WithScriptDescribable<T>>
        extends hudson.model.AbstractDescribableImpl<T> implements java.io.Serializable {}
