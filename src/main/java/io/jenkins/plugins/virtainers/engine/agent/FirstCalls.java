package io.jenkins.plugins.virtainers.engine.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * What {@link WaitingAgent} has an agent do before it waits, as a callable of remoting: the kinds of things that the
 * first calls of every controller and the first steps of a build do, with the classes of Java alone, and one of each
 * file of the controller's classes. Draws no random number, asks for no address, and keeps nothing.
 */
public final class FirstCalls implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1;

    private final ArrayList<String> types;

    /** @param types one of each file of the controller's classes that the agent shall keep */
    public FirstCalls(List<String> types) {
        this.types = new ArrayList<>(types);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        return method.getName().equals("call") ? call() : null;
    }

    private List<String> call() {
        List<String> seen = new ArrayList<>();
        for (String type : types) {
            try {
                seen.add(Class.forName(type, false, FirstCalls.class.getClassLoader())
                        .getName());
            } catch (ClassNotFoundException | LinkageError e) {
                // Its file came all the same.
                seen.add(e.toString());
            }
        }
        seen.add(System.getProperties().toString() + System.getenv());
        seen.add(Pattern.compile("(\\d+)[.](\\d*)").matcher("17.0").replaceAll("$1"));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            seen.add(threads.submit(FirstCalls::folder).get());
            seen.add(threads.submit(FirstCalls::program).get());
        } catch (ExecutionException e) {
            seen.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdown();
        }
        return seen;
    }

    private static String folder() throws IOException {
        Path folder = Files.createDirectories(Path.of("first-calls", "script"));
        Path file = folder.resolve("script.sh");
        Files.writeString(file, "true\n");
        Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(folder));
        String text = Files.readString(file);
        Files.walkFileTree(folder.getParent(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException thrown) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
        return text;
    }

    private static String program() {
        ProcessBuilder program = new ProcessBuilder("sh", "-c", "echo \"$0\"").redirectErrorStream(true);
        program.environment().put("FIRST_CALLS", "true");
        try {
            Process running = program.start();
            running.getOutputStream().close();
            try (InputStream output = running.getInputStream()) {
                String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                return said + running.waitFor() + running.pid();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
