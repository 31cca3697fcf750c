package io.jenkins.plugins.virtainers.engine.agent;

import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What starts Java in a guest: a command that somebody chose, or what is found there, which is the image's own or the
 * one on the disk that the runtime gives every guest (docs/agent-java.md).
 *
 * @param command as a shell finds it; empty to look for one
 * @param oldest the version that the agent's program needs at least, such as 17
 */
public record AgentJava(Optional<String> command, int oldest) {
    /**
     * The status of {@link #search} where the disk with one may not be mounted; its error output says why, and its output
     * which C library the guest has.
     */
    public static final int NOT_MOUNTED = 10;

    /** The oldest that any Jenkins takes that this plugin runs in. */
    public static final int USUAL = 17;

    /** The program of {@link #inContainer}. */
    private static final String ENTRYPOINT = "/usr/lib/virtainers/entrypoint";

    private static final int CLASS_FILE_OF_JAVA_0 = 44;
    private static final int MAGIC_AND_MINOR_VERSION = 6;

    public static AgentJava of(String command) {
        return new AgentJava(Optional.of(command), USUAL);
    }

    public static AgentJava found(int oldest) {
        return new AgentJava(Optional.empty(), oldest);
    }

    /** The version that a class needs, by its file (JVM specification, 4.1). */
    public static int neededBy(Class<?> type) {
        try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".class");
                DataInputStream data = new DataInputStream(file)) {
            data.skipNBytes(MAGIC_AND_MINOR_VERSION);
            return data.readUnsignedShort() - CLASS_FILE_OF_JAVA_0;
        } catch (IOException e) {
            throw new UncheckedIOException("reading the file of " + type, e);
        }
    }

    /** The command line that prints the path of one, or says on its error output why there is none. */
    public String search() {
        return "sh -c " + ShellWords.quote(script()) + " find-java " + oldest;
    }

    /** Lines of a shell that set {@code java}, or end it with a sentence. */
    String inShell() {
        return command.map(word -> "java=" + ShellWords.quote(word))
                .orElseGet(() -> "java=$(" + search() + ") || exit");
    }

    /**
     * The command in a machine's container that writes the one of the disk as tar, {@code java/LIBC}.
     *
     * @param libc the C library of the guest, as {@link #search} says
     */
    public static List<String> inContainer(String libc) {
        return List.of(ENTRYPOINT, "agent-java", libc);
    }

    private static String script() {
        try (InputStream script = AgentJava.class.getResourceAsStream("find-java.sh")) {
            if (script == null) {
                throw new IOException("there is no find-java.sh");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading our own script", e);
        }
    }
}
