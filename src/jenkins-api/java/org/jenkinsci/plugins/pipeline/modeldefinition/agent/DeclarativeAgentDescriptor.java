package org.jenkinsci.plugins.pipeline.modeldefinition.agent;

public abstract class DeclarativeAgentDescriptor<
                A extends org.jenkinsci.plugins.pipeline.modeldefinition.agent.DeclarativeAgent<A>>
        extends org.jenkinsci.plugins.pipeline.modeldefinition.withscript.WithScriptDescriptor<A> {
    public DeclarativeAgentDescriptor() {}

    public static hudson.ExtensionList<org.jenkinsci.plugins.pipeline.modeldefinition.agent.DeclarativeAgentDescriptor>
            all() {
        throw new UnsupportedOperationException();
    }
}
