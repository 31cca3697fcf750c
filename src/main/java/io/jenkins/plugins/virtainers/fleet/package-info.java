/** What this controller has at present: hosts and their engines, what agents take of them, what is left alone, what failed. */
package io.jenkins.plugins.virtainers.fleet;
