/** A machine that runs: which it is, how one logs in, its files and its screen. */
package io.jenkins.plugins.virtainers.engine.guest;
