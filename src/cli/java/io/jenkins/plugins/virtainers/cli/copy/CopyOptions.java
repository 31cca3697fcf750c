package io.jenkins.plugins.virtainers.cli.copy;

/**
 * What was asked for beside names.
 *
 * @param recursive whether folders are copied, with all that is in them
 * @param preserve whether permissions and times stay as they are
 */
public record CopyOptions(boolean recursive, boolean preserve) {}
