/** Credentials of this Jenkins, read as what the engine wants: keys, passwords, TLS, logins of registries, seeds. */
package io.jenkins.plugins.virtainers.credentials;
