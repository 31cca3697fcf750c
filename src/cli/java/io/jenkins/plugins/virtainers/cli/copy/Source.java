package io.jenkins.plugins.virtainers.cli.copy;

/** A file or folder that is to be copied. */
interface Source {
    /**
     * Hands over the file, or the folder with all that is in it, links followed. What cannot be read is complained of,
     * and the rest goes on.
     *
     * @param name that it has where it goes
     */
    void sendTo(Target target, String name) throws InterruptedException;
}
