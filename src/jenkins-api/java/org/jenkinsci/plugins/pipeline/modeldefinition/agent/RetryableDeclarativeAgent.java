package org.jenkinsci.plugins.pipeline.modeldefinition.agent;

public abstract class RetryableDeclarativeAgent<
                A extends org.jenkinsci.plugins.pipeline.modeldefinition.agent.RetryableDeclarativeAgent<A>>
        extends org.jenkinsci.plugins.pipeline.modeldefinition.agent.DeclarativeAgent<A> {
    public RetryableDeclarativeAgent() {}
}
