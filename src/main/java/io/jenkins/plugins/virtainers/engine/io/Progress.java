package io.jenkins.plugins.virtainers.engine.io;

/**
 * Is told what happens to a virtainer while it is made. Calls come from several threads, though never two at once for
 * one virtainer; they must return soon.
 */
public interface Progress {
    /** Hears nothing. */
    Progress SILENT = new Progress() {};

    /** A step begins: a short sentence for people. */
    default void step(String sentence) {}

    /** More of the same step: what a pull or a build says. */
    default void detail(String line) {}

    /** The runtime said something. */
    default void event(RuntimeEvent event) {}

    /** The guest wrote a line to its console. Untrusted; control characters are gone. */
    default void console(String line) {}
}
