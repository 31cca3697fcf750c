package io.jenkins.plugins.virtainers.engine.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Runs in a guest that becomes a memory template, in the Java VM of a Jenkins agent: has the agent's classes loaded and
 * at work before it starts the agent, which then waits for its controller. For that it plays a controller that calls
 * the agent over a channel, with classes that the agent does not know and fetches over that channel, and those of files
 * of the real controller, which the agent keeps as any other. Nothing else of this is left. Knows remoting by name alone,
 * since each controller brings its own; when it is another than expected, the agent starts cold.
 */
public final class WaitingAgent {
    /** The first sends its classes one by one, the second finds their file kept. */
    private static final int CONTROLLERS = 2;

    /** By name, since this class must not find it itself. */
    private static final String CALLS_OF_CONTROLLER = WaitingAgent.class.getPackageName() + ".FirstCalls";

    private static final int CALLS = 3;
    private static final File KEPT = new File(AgentProgram.KEPT);

    /** Files of the controller's classes that the agent shall keep, beside the program. */
    static final String KEPT_PREFIX = "kept-";

    /** In the place of the name of a class. */
    static final String NO_REHEARSAL = "-";

    /** For an agent to keep what was sent to it; the files are large, and its processor may be emulated. */
    private static final Duration KEEPING = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofMillis(100);

    private WaitingAgent() {}

    /**
     * @param arguments the .jar of {@link FirstCalls}, the name of a class that rehearses the controller's own calls,
     *     then those of the agent's own main class
     */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        File firstCalls = new File(arguments[0]);
        File[] found = firstCalls
                .getParentFile()
                .listFiles((folder, name) -> name.startsWith(KEPT_PREFIX) && name.endsWith(".jar"));
        List<File> classes = found == null ? List.of() : List.of(found);
        try {
            for (int i = 0; i < CONTROLLERS; i++) {
                playController(firstCalls, classes, arguments[1]);
            }
        } catch (ReflectiveOperationException | IOException | ExecutionException e) {
            System.err.println("The agent is not warm: " + (e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (File file : classes) {
            // They are where the agent keeps them, and memory is dear.
            if (!file.delete()) {
                System.err.println("Cannot remove " + file);
            }
        }
        Class.forName("hudson.remoting.Launcher")
                .getMethod("main", String[].class)
                .invoke(null, (Object) Arrays.copyOfRange(arguments, 2, arguments.length));
    }

    private static void playController(File firstCalls, List<File> classes, String rehearsal)
            throws ReflectiveOperationException, IOException, ExecutionException, InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<URL> files = new ArrayList<>();
        List<String> types = new ArrayList<>();
        files.add(firstCalls.toURI().toURL());
        for (File file : classes) {
            files.add(file.toURI().toURL());
            types.addAll(firstType(file));
        }
        try (URLClassLoader known = new URLClassLoader(files.toArray(URL[]::new), WaitingAgent.class.getClassLoader());
                InputStream toController = pipeEnd();
                InputStream toAgent = pipeEnd();
                OutputStream fromController = pipeStart(toAgent);
                OutputStream fromAgent = pipeStart(toController)) {
            Future<Object> agent = threads.submit(() -> channel("agent", "NEGOTIATE", threads, toAgent, fromAgent));
            Object controller = channel("controller", "BINARY", threads, toController, fromController);
            Class<?> callable = Class.forName("hudson.remoting.Callable");
            InvocationHandler calls = known.loadClass(CALLS_OF_CONTROLLER)
                    .asSubclass(InvocationHandler.class)
                    .getConstructor(List.class)
                    .newInstance(types);
            Object call = Proxy.newProxyInstance(known, new Class<?>[] {callable}, calls);
            for (int i = 0; i < CALLS; i++) {
                controller.getClass().getMethod("call", callable).invoke(controller, call);
            }
            if (!rehearsal.equals(NO_REHEARSAL)) {
                Class.forName(rehearsal)
                        .getMethod("rehearse", Class.forName("hudson.remoting.VirtualChannel"))
                        .invoke(null, controller);
            }
            awaitKept(files.size());
            controller.getClass().getMethod("close").invoke(controller);
            agent.get().getClass().getMethod("join").invoke(agent.get());
        } finally {
            threads.shutdown();
        }
    }

    /** The name of a type in a .jar file, if there is one; which one is of no concern. */
    private static List<String> firstType(File file) throws IOException {
        try (ZipFile jar = new ZipFile(file)) {
            return jar.stream()
                    .map(ZipEntry::getName)
                    // Neither a nested type, nor one for a newer Java, nor what describes a package or module.
                    .filter(name -> name.endsWith(".class") && name.indexOf('$') < 0 && name.indexOf('-') < 0)
                    .limit(1)
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    /** An agent fetches a file behind the first class of it, in its own time, and gives it its name at the end. */
    private static void awaitKept(int files) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < KEEPING.toNanos()) {
            try (Stream<Path> kept = Files.walk(KEPT.toPath())) {
                if (kept.filter(file -> file.toString().endsWith(".jar")).count() >= files) {
                    return;
                }
            } catch (UncheckedIOException e) {
                // A file got its name while we looked.
            }
            Thread.sleep(LOOK.toMillis());
        }
        System.err.println("The agent does not keep all files of its controller's classes.");
    }

    /** Those of Java break when the thread that wrote last has ended. */
    private static InputStream pipeEnd() throws ReflectiveOperationException {
        return Class.forName("hudson.remoting.FastPipedInputStream")
                .asSubclass(InputStream.class)
                .getConstructor()
                .newInstance();
    }

    private static OutputStream pipeStart(InputStream end) throws ReflectiveOperationException {
        return Class.forName("hudson.remoting.FastPipedOutputStream")
                .asSubclass(OutputStream.class)
                .getConstructor(end.getClass())
                .newInstance(end);
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
