package io.jenkins.plugins.virtainers.engine.guest;

/** What a login proves with that it may. Does not print itself. */
public sealed interface LoginSecret permits SshKeyPair, LoginPassword {}
