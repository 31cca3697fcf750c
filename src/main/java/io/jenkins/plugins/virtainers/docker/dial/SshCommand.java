package io.jenkins.plugins.virtainers.docker.dial;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An engine behind SSH, reached as Docker's own command reaches it: by the ssh command of this machine with its agent, its
 * configuration and the host keys that it knows.
 *
 * <p>One login carries all connections (ControlMaster of ssh_config(5)), as far as the server takes as many
 * (MaxSessions); what is more logs in by itself.
 */
public final class SshCommand implements Dialer {
    private static final Logger LOGGER = Logger.getLogger(SshCommand.class.getName());

    /**
     * A terminal's interruption is for us, who then have something to remove over there. Whoever takes our input's end for
     * theirs is gone soon after us, however we end.
     */
    private static final List<String> UNINTERRUPTED =
            List.of("sh", "-c", "trap '' HUP INT QUIT TERM; exec ssh \"$@\"", "ssh");

    /** Seconds: for the network, and then each for four words of the server that a network may lose. */
    private static final List<String> OPTIONS = List.of(
            "-o",
            "ConnectTimeout=30",
            "-o",
            "ServerAliveInterval=15",
            "-o",
            "ServerAliveCountMax=4",
            // What a configuration forwards or runs for people who log in is not for every login of ours.
            "-o",
            "ClearAllForwardings=yes",
            "-o",
            "PermitLocalCommand=no",
            "-o",
            "RemoteCommand=none",
            "-o",
            "RequestTTY=no",
            "-ax");

    /** For whoever types a passphrase. */
    private static final long LOGIN_SECONDS = 60;

    private static final long POLL_MILLIS = 10;
    private static final long LAST_WORDS_SECONDS = 5;
    private static final int CHUNK = 32_768;
    /** Bytes. */
    private static final int MOST_WORDS = 4096;

    private static final int MOST_LINES = 3;

    private final SshAddress address;
    private final Path folder;
    private Process login;
    private boolean closed;

    /**
     * Logs in nowhere yet.
     *
     * @param folder of this user's alone, short as paths of sockets must be, for the socket of the login
     */
    public SshCommand(SshAddress address, Path folder) {
        this.address = address;
        this.folder = folder;
    }

    @Override
    public void carry(InputStream fromClient, OutputStream toClient) throws IOException, InterruptedException {
        logIn();
        Process session = start(List.of("-o", "ControlMaster=no"), EngineThere.commandLine(address));
        try {
            Thread sender = new Thread(() -> send(fromClient, session), "virtainers-dial");
            sender.setDaemon(true);
            sender.start();
            boolean answered = session.getInputStream().transferTo(toClient) > 0;
            if (!answered && session.waitFor(LAST_WORDS_SECONDS, TimeUnit.SECONDS) && session.exitValue() != 0) {
                throw new IOException(failed(session));
            }
        } finally {
            session.destroyForcibly();
        }
    }

    private static void send(InputStream fromClient, Process session) {
        // Flushed with each piece, as a process's input would keep what is small.
        try (OutputStream out = session.getOutputStream()) {
            byte[] bytes = new byte[CHUNK];
            for (int read = fromClient.read(bytes); read >= 0; read = fromClient.read(bytes)) {
                out.write(bytes, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "What a client sends to its engine", e);
        }
    }

    private synchronized void logIn() throws IOException, InterruptedException {
        if (closed) {
            throw new IOException("closed");
        }
        if (login != null && login.isAlive()) {
            return;
        }
        Files.deleteIfExists(socket());
        Process process = start(List.of("-o", "ControlMaster=yes", "-o", "ControlPersist=no"), "cat");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOGIN_SECONDS);
        boolean in = false;
        try {
            while (!Files.exists(socket())) {
                if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException(failed(process));
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("the login by ssh took over %d s".formatted(LOGIN_SECONDS));
                }
            }
            in = true;
        } finally {
            if (!in) {
                process.destroyForcibly();
            }
        }
        login = process;
    }

    private Path socket() {
        return folder.resolve("login");
    }

    private Process start(List<String> options, String remote) throws IOException {
        List<String> command = new ArrayList<>(UNINTERRUPTED);
        command.addAll(OPTIONS);
        command.addAll(List.of("-o", "ControlPath=" + socket()));
        command.addAll(options);
        address.user().ifPresent(user -> command.addAll(List.of("-l", user)));
        address.port().ifPresent(port -> command.addAll(List.of("-p", Integer.toString(port))));
        command.addAll(List.of("--", address.host(), remote));
        return new ProcessBuilder(command).start();
    }

    /** Why a process has ended, in its own words. */
    private String failed(Process ended) {
        return "ssh says \"%s\". Does this work: ssh %s docker version".formatted(lastWords(ended), address);
    }

    private static String lastWords(Process ended) {
        try (InputStream errors = ended.getErrorStream()) {
            List<String> lines = new String(errors.readNBytes(MOST_WORDS), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            return lines.isEmpty()
                    ? "nothing, and ended with status " + ended.exitValue()
                    : String.join(" / ", lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
        } catch (IOException e) {
            return "nothing that could be read: " + e.getMessage();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (login != null) {
            // It takes the sessions that it carries with it; those that logged in by themselves end with their input.
            login.destroyForcibly();
        }
        Files.deleteIfExists(socket());
    }
}
