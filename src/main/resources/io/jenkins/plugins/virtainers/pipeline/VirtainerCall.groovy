package io.jenkins.plugins.virtainers.pipeline

import org.jenkinsci.plugins.workflow.cps.CpsScript

/** What a pipeline calls as virtainer: however the machine is asked for, the body runs on it. */
class VirtainerCall implements Serializable {
    private static final long serialVersionUID = 1

    private final CpsScript script

    VirtainerCall(CpsScript script) {
        this.script = script
    }

    def call(String image, Closure body) {
        call([image: image], body)
    }

    /** An image, and named arguments beside it. */
    def call(Map machine, String image, Closure body) {
        call(machine + [image: image], body)
    }

    def call(Map machine, Closure body) {
        if (machine.get('labelOnly')) {
            return script.steps.virtainer(machine, body)
        }
        script.steps.virtainer(machine + [labelOnly: true]) {
            script.node(script.env.VIRTAINER_LABEL) {
                body()
            }
        }
    }
}
