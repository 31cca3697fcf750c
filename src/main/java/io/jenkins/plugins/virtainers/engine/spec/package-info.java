/** What is asked for: a virtual machine, completely described and checked, each part a value with its unit. */
package io.jenkins.plugins.virtainers.engine.spec;
