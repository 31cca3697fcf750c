package io.jenkins.plugins.virtainers.engine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs in a guest that becomes a memory template, in the Java VM of a Jenkins agent: has the agent's classes loaded and
 * at work before it starts the agent, which then waits for its controller. For that it plays a controller that calls
 * the agent over a channel, with classes that the agent does not know and fetches over that channel. Nothing of this is
 * left but classes, and a file among those that an agent keeps. Knows remoting by name alone, since each controller
 * brings its own; when it is another than expected, the agent starts cold.
 */
public final class WaitingAgent {
    private static final int PIPE = 1 << 16;
    /** The first sends its classes one by one, the second finds their file kept. */
    private static final int CONTROLLERS = 2;

    /** By name, since this class must not find it itself. */
    private static final String CALLS_OF_CONTROLLER = WaitingAgent.class.getPackageName() + ".FirstCalls";

    private static final int CALLS = 3;
    /** Where an agent keeps the files of its controller's classes, in its work directory. */
    private static final File KEPT = new File("remoting/jarCache");

    private WaitingAgent() {}

    /** @param arguments the .jar of {@link FirstCalls}, then those of the agent's own main class */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        try {
            for (int i = 0; i < CONTROLLERS; i++) {
                playController(new File(arguments[0]).toURI().toURL());
            }
        } catch (ReflectiveOperationException | IOException | ExecutionException e) {
            System.err.println("The agent is not warm: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Class.forName("hudson.remoting.Launcher")
                .getMethod("main", String[].class)
                .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void playController(URL classes)
            throws ReflectiveOperationException, IOException, ExecutionException, InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (URLClassLoader known = new URLClassLoader(new URL[] {classes}, WaitingAgent.class.getClassLoader());
                PipedInputStream toController = new PipedInputStream(PIPE);
                PipedInputStream toAgent = new PipedInputStream(PIPE);
                PipedOutputStream fromController = new PipedOutputStream(toAgent);
                PipedOutputStream fromAgent = new PipedOutputStream(toController)) {
            Future<Object> agent = threads.submit(() -> channel("agent", "NEGOTIATE", threads, toAgent, fromAgent));
            Object controller = channel("controller", "BINARY", threads, toController, fromController);
            Class<?> callable = Class.forName("hudson.remoting.Callable");
            InvocationHandler calls = known.loadClass(CALLS_OF_CONTROLLER)
                    .asSubclass(InvocationHandler.class)
                    .getConstructor()
                    .newInstance();
            Object call = Proxy.newProxyInstance(known, new Class<?>[] {callable}, calls);
            for (int i = 0; i < CALLS; i++) {
                controller.getClass().getMethod("call", callable).invoke(controller, call);
            }
            controller.getClass().getMethod("close").invoke(controller);
            agent.get().getClass().getMethod("join").invoke(agent.get());
        } finally {
            threads.shutdown();
        }
    }

    /** @param mode of remoting's Channel.Mode; one end says BINARY, and the other waits for it */
    private static Object channel(String name, String mode, ExecutorService threads, InputStream in, OutputStream out)
            throws ReflectiveOperationException {
        Class<?> builder = Class.forName("hudson.remoting.ChannelBuilder");
        Class<?> modes = Class.forName("hudson.remoting.Channel$Mode");
        Object kept = Class.forName("hudson.remoting.FileSystemJarCache")
                .getConstructor(File.class, boolean.class)
                .newInstance(KEPT, true);
        Object prepared =
                builder.getConstructor(String.class, ExecutorService.class).newInstance(name, threads);
        builder.getMethod("withMode", modes)
                .invoke(prepared, modes.getField(mode).get(null));
        builder.getMethod("withJarCache", Class.forName("hudson.remoting.JarCache"))
                .invoke(prepared, kept);
        return builder.getMethod("build", InputStream.class, OutputStream.class).invoke(prepared, in, out);
    }
}
