package io.jenkins.plugins.virtainers.pipeline;

import edu.umd.cs.findbugs.annotations.NonNull;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsScript;
import org.jenkinsci.plugins.workflow.cps.GlobalVariable;
import org.jenkinsci.plugins.workflow.cps.GroovySourceFileAllowlist;

/**
 * Lets a pipeline write {@code virtainer('debian:12')} for the {@linkplain VirtainerStep step} and the node together,
 * with whatever arguments.
 */
@OptionalExtension(requirePlugins = {"workflow-cps", "workflow-durable-task-step"})
public class VirtainerVariable extends GlobalVariable {
    private static final String CALL = "io.jenkins.plugins.virtainers.pipeline.VirtainerCall";

    @NonNull
    @Override
    public String getName() {
        return "virtainer";
    }

    @NonNull
    @Override
    public Object getValue(@NonNull CpsScript script) throws Exception {
        return script.getClass()
                .getClassLoader()
                .loadClass(CALL)
                .getConstructor(CpsScript.class)
                .newInstance(script);
    }

    /** Lets pipelines load the source of the call, and no other of ours. */
    @OptionalExtension(requirePlugins = {"workflow-cps", "workflow-durable-task-step"})
    public static class Source extends GroovySourceFileAllowlist {
        @Override
        public boolean isAllowed(@NonNull String groovyResourceUrl) {
            return String.valueOf(VirtainerVariable.class.getResource("VirtainerCall.groovy"))
                    .equals(groovyResourceUrl);
        }
    }
}
