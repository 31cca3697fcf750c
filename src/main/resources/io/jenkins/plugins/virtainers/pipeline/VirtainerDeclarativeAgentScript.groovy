package io.jenkins.plugins.virtainers.pipeline

import org.jenkinsci.plugins.pipeline.modeldefinition.agent.CheckoutScript
import org.jenkinsci.plugins.pipeline.modeldefinition.agent.DeclarativeAgentScript2
import org.jenkinsci.plugins.workflow.cps.CpsScript

/** A new machine for each try: the offer stays, the node is asked for again. */
class VirtainerDeclarativeAgentScript extends DeclarativeAgentScript2<VirtainerDeclarativeAgent> {
    VirtainerDeclarativeAgentScript(CpsScript script, VirtainerDeclarativeAgent agent) {
        super(script, agent)
    }

    @Override
    void run(Closure body) {
        script.steps.virtainer(describable.machine()) {
            if (describable.retries > 1) {
                script.retry(count: describable.retries, conditions: [script.agent(), script.nonresumable()]) {
                    onMachine(body)
                }
            } else {
                onMachine(body)
            }
        }
    }

    private void onMachine(Closure body) {
        script.node(script.env.VIRTAINER_LABEL) {
            CheckoutScript.doCheckout2(script, describable, describable.customWorkspace, body)
        }
    }
}
