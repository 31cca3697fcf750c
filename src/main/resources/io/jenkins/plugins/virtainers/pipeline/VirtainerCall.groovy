package io.jenkins.plugins.virtainers.pipeline

import org.jenkinsci.plugins.workflow.cps.CpsScript

/** What a pipeline calls as virtainer: with an image alone its body runs on the machine. */
class VirtainerCall implements Serializable {
    private static final long serialVersionUID = 1

    private final CpsScript script

    VirtainerCall(CpsScript script) {
        this.script = script
    }

    def call(String image, Closure body) {
        script.steps.virtainer(image: image) {
            script.node(script.env.VIRTAINER_LABEL) {
                body()
            }
        }
    }

    def call(Map machine, Closure body) {
        script.steps.virtainer(machine, body)
    }
}
