/** What people see: of clouds and hosts, and of an agent's guest. */
package io.jenkins.plugins.virtainers.pages;
