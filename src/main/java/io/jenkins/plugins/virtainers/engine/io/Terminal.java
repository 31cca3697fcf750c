package io.jenkins.plugins.virtainers.engine.io;

import java.util.function.Consumer;

/** The terminal at this end of an interactive session. */
public interface Terminal {
    /** Its type, such as {@code xterm-256color}. */
    String type();

    /** Its size now. */
    Size size();

    /** Calls the listener, in a thread of the terminal's, whenever the size changes, until closed. */
    Resizes onResize(Consumer<Size> listener);

    /** Columns and rows of characters. */
    record Size(int columns, int rows) {}

    /** An interest in changes of size. */
    interface Resizes extends AutoCloseable {
        @Override
        void close();
    }
}
