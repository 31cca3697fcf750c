package org.jenkinsci.plugins.pipeline.modeldefinition.agent;

public abstract class DeclarativeAgent<
                A extends org.jenkinsci.plugins.pipeline.modeldefinition.agent.DeclarativeAgent<A>>
        extends org.jenkinsci.plugins.pipeline.modeldefinition.withscript.WithScriptDescribable<A>
        implements hudson.ExtensionPoint {}
