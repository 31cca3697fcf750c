package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.serve.MachineKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the command remembers between its runs: for each kept machine a directory with the key that logs in and the host
 * key that it must show, in the formats of OpenSSH, for this user's eyes only.
 */
public final class StateDirectory implements MachineKeys {
    private static final String KEY = "id_ed25519";
    private static final String PUBLIC_KEY = "id_ed25519.pub";
    private static final String KNOWN_HOSTS = "known_hosts";

    private final Path directory;

    public StateDirectory(Path directory) {
        this.directory = directory;
    }

    /** Where something that is no machine is kept; machines' names have no dot. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** The same, where another program makes it: the directory is there. */
    public Path place(String name) {
        make(directory);
        return file(name);
    }

    public Path keyFile(VmName name) {
        return directory.resolve(name.value()).resolve(KEY);
    }

    public Path knownHostsFile(VmName name) {
        return directory.resolve(name.value()).resolve(KNOWN_HOSTS);
    }

    /** Remembers the key that logs in to a machine. */
    @Override
    public void saveKey(VmName name, SshKeyPair key) {
        write(keyFile(name), key.privatePem(), "rw-------");
        write(directory.resolve(name.value()).resolve(PUBLIC_KEY), key.publicLine() + "\n", "rw-r--r--");
    }

    /** Remembers the host key that a machine must show at an address. */
    @Override
    public void saveHostKey(VmName name, Endpoint endpoint, HostKey key) {
        write(knownHostsFile(name), key.knownHostsLine(endpoint) + "\n", "rw-------");
    }

    /** What SSH clients call a machine's server since this user's command last had it ready, as known_hosts has it. */
    public Optional<String> reachedAs(String name) {
        try (Stream<String> lines = Files.lines(directory.resolve(name).resolve(KNOWN_HOSTS))) {
            return lines.findFirst().map(line -> line.split(" ", 2)[0]);
        } catch (IOException e) {
            // It is not this user's.
            return Optional.empty();
        }
    }

    /** The key that logs in to a machine, if this user has it. */
    @Override
    public Optional<SshKeyPair> key(VmName name) {
        try {
            return Optional.of(new SshKeyPair(
                    Files.readString(directory.resolve(name.value()).resolve(PUBLIC_KEY))
                            .strip(),
                    Files.readString(keyFile(name))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Keeps what is known of the machine with this host key under another name, unless that name is known already. */
    public void rename(HostKey key, VmName name) {
        if (Files.exists(directory.resolve(name.value())) || !Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> machines = Files.list(directory)) {
            Optional<Path> earlier =
                    machines.filter(machine -> shows(machine, key)).findFirst();
            if (earlier.isPresent()) {
                Files.move(earlier.get(), directory.resolve(name.value()));
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static boolean shows(Path machine, HostKey key) {
        try {
            return Files.readString(machine.resolve(KNOWN_HOSTS)).contains(key.toString());
        } catch (IOException e) {
            // It is no machine's, or not for this user to read.
            return false;
        }
    }

    /** Forgets a machine. */
    @Override
    public void forget(VmName name) {
        Path own = directory.resolve(name.value());
        if (!Files.isDirectory(own)) {
            return;
        }
        try (Stream<Path> files = Files.walk(own)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Writes a file and the directories above it, with these permissions from the first moment on. */
    public void write(Path file, String text, String permissions) {
        make(file.getParent());
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(permissionSet(permissions)));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void make(Path folder) {
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(permissionSet("rwx------")));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static Set<java.nio.file.attribute.PosixFilePermission> permissionSet(String permissions) {
        return PosixFilePermissions.fromString(permissions);
    }

    private RuntimeException unusable(IOException e) {
        return Failure.PLATFORM.because(
                "Cannot use the state directory %s: %s. Make it writable, or set XDG_STATE_HOME to one that is."
                        .formatted(directory, e),
                e);
    }
}
