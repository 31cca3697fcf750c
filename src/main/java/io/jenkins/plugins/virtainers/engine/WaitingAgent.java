package io.jenkins.plugins.virtainers.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs in a guest that becomes a memory template, in the Java VM of a Jenkins agent: has the agent's classes loaded and
 * at work once, with a channel to itself, before it starts the agent, which then waits for its controller. Nothing of
 * that conversation is left but classes. Knows remoting by name alone, since each controller brings its own; when it is
 * another than expected, the agent starts cold.
 */
public final class WaitingAgent {
    private static final int PIPE = 1 << 16;
    private static final int CALLS = 3;

    private WaitingAgent() {}

    /** @param arguments of the agent's own main class */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        try {
            talkToItself();
        } catch (ReflectiveOperationException | IOException | ExecutionException e) {
            System.err.println("The agent is not warm: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Class.forName("hudson.remoting.Launcher")
                .getMethod("main", String[].class)
                .invoke(null, (Object) arguments);
    }

    private static void talkToItself()
            throws ReflectiveOperationException, IOException, ExecutionException, InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (PipedInputStream toHere = new PipedInputStream(PIPE);
                PipedInputStream toThere = new PipedInputStream(PIPE);
                PipedOutputStream fromHere = new PipedOutputStream(toThere);
                PipedOutputStream fromThere = new PipedOutputStream(toHere)) {
            Future<Object> there = threads.submit(() -> channel("there", "NEGOTIATE", threads, toThere, fromThere));
            Object here = channel("here", "BINARY", threads, toHere, fromHere);
            Class<?> callable = Class.forName("hudson.remoting.Callable");
            Object greeting =
                    Proxy.newProxyInstance(callable.getClassLoader(), new Class<?>[] {callable}, new Greeting());
            for (int i = 0; i < CALLS; i++) {
                here.getClass().getMethod("call", callable).invoke(here, greeting);
            }
            here.getClass().getMethod("close").invoke(here);
            there.get().getClass().getMethod("join").invoke(there.get());
        } finally {
            threads.shutdown();
        }
    }

    /** @param mode of remoting's Channel.Mode; one end says BINARY, and the other waits for it */
    private static Object channel(String name, String mode, ExecutorService threads, InputStream in, OutputStream out)
            throws ReflectiveOperationException {
        Class<?> builder = Class.forName("hudson.remoting.ChannelBuilder");
        Class<?> modes = Class.forName("hudson.remoting.Channel$Mode");
        Object prepared =
                builder.getConstructor(String.class, ExecutorService.class).newInstance(name, threads);
        builder.getMethod("withMode", modes)
                .invoke(prepared, modes.getField(mode).get(null));
        return builder.getMethod("build", InputStream.class, OutputStream.class).invoke(prepared, in, out);
    }

    /** What the other end does when it is called: what the first calls of every controller do. */
    private static final class Greeting implements InvocationHandler, Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return method.getName().equals("call") ? System.getProperties().toString() + System.getenv() : null;
        }
    }
}
