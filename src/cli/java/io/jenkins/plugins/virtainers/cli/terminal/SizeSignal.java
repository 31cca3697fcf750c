package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.io.Terminal;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * SIGWINCH, by which a terminal says that its size has changed. Java hears of it through {@code sun.misc.Signal} alone,
 * which is exported and yet warned about whenever it is named; so it is reached by handles.
 */
final class SizeSignal {
    private static final Logger LOGGER = Logger.getLogger(SizeSignal.class.getName());

    private SizeSignal() {}

    /** Runs something at each signal until closed; never, on a Java that cannot do it. */
    static Terminal.Resizes onArrival(Runnable listener) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object changed = lookup.findConstructor(signal, MethodType.methodType(void.class, String.class))
                    .invoke("WINCH");
            var handle = lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler));
            var run = lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(listener);
            Object ours = MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            Object before = handle.invoke(changed, ours);
            return () -> restore(handle, changed, before);
        } catch (Throwable e) {
            LOGGER.log(Level.FINE, "Changes of the terminal's size go unnoticed", e);
            return () -> {};
        }
    }

    private static void restore(java.lang.invoke.MethodHandle handle, Object signal, Object before) {
        try {
            handle.invoke(signal, before);
        } catch (Throwable e) {
            LOGGER.log(Level.FINE, "The terminal's signal keeps its handler", e);
        }
    }
}
