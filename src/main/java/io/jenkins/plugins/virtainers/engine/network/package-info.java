/** Networks of container hosts that machines are on. */
package io.jenkins.plugins.virtainers.engine.network;
