/** How pipelines ask for machines: the step, the Declarative agent, the call by image. */
package io.jenkins.plugins.virtainers.pipeline;
