/** What every form of the plugin does alike: fields that are checked, limits, choices. */
package io.jenkins.plugins.virtainers.forms;
