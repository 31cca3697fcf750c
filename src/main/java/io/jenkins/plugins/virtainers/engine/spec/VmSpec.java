package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.agent.AgentProgram;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.network.Networks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What was asked for: one virtual machine, completely described. Immutable; made by {@link #of}, which fills every
 * default. Holds no private key: those go to {@link VmEngine#connect} alone.
 *
 * @param image what to boot
 * @param name of the container
 * @param diskImage to boot in place of the image's own guest; its user must be known then
 * @param checksum sha256 or sha512 that the disk image must have, in hexadecimal, or the address of a list with it
 * @param user that the authorized keys log in as; empty leaves it to the image
 * @param cpus processors of the guest, 1 to 255
 * @param memory of the guest, at least 128M
 * @param disk size of the guest's disk; empty leaves it as the image has it
 * @param acceleration how the guest's processor is made
 * @param boot which way the guest comes up
 * @param agent what had better wait in the memory template that the guest is restored from; the guest runs without where
 *     there is none yet
 * @param network how the guest is reached
 * @param joins networks of the container's host that it is on; none is the project's own ({@link Networks#OWN})
 * @param naming what it is called, and which names it knows
 * @param ports published on the container's host, SSH always among them
 * @param authorizedKeys public keys, one per line, that may log in
 * @param userData given to cloud-init unchanged
 * @param userDataShared whether it holds no secret and is the same for many machines, so that a memory template may be
 *     made in which it was applied
 * @param metaData given to cloud-init unchanged
 * @param seed all that cloud-init is told; user data and meta data are then ignored
 * @param vnc opens the guest's screen; empty for a guest without one
 * @param data where the guest's disk is kept, so that it outlives the container: a named volume of the host, or an
 *     absolute path there
 * @param env further variables of the runtime (runtime/env.sh), not those that have a field here
 * @param labels further labels of the container
 * @param ephemeral whether nobody will miss what is on its disk: it is then stopped at once
 * @param lease how long it may live unrenewed; empty for one that outlives its maker
 * @param bootTimeout how long it may take to answer SSH
 * @param stopTimeout how long it may take to power off
 */
public record VmSpec(
        ImageRef image,
        VmName name,
        Optional<DiskImage> diskImage,
        Optional<String> checksum,
        Optional<String> user,
        int cpus,
        MemorySize memory,
        Optional<DiskSize> disk,
        Acceleration acceleration,
        BootMode boot,
        Optional<AgentProgram> agent,
        NetworkMode network,
        List<NetworkJoin> joins,
        Naming naming,
        List<PublishedPort> ports,
        List<String> authorizedKeys,
        Optional<String> userData,
        boolean userDataShared,
        Optional<String> metaData,
        Optional<SeedImage> seed,
        Optional<VncPassword> vnc,
        Optional<String> data,
        Map<String, String> env,
        Map<String, String> labels,
        boolean ephemeral,
        Optional<Duration> lease,
        Duration bootTimeout,
        Duration stopTimeout) {

    private static final MemorySize LEAST_MEMORY = MemorySize.ofMegabytes(128);
    /** Nine digits are what the runtime takes. */
    private static final MemorySize MOST_MEMORY = MemorySize.ofMegabytes(999_999_999);
    /** Nine digits are what the runtime takes. */
    private static final Duration LONGEST_TIME = Duration.ofSeconds(999_999_999);

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern LOGIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");
    private static final Pattern FOLDER = Pattern.compile("/[^,]*|[a-zA-Z0-9][a-zA-Z0-9_.-]*");
    private static final Pattern PUBLIC_KEY = Pattern.compile("(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( .*)?");
    /** Variables of the runtime that a field of the spec sets. */
    private static final Set<String> FIELDS = Set.of(
            "RAM",
            "CPU",
            "DISK_SIZE",
            "IMAGE_URL",
            "IMAGE_CHECKSUM",
            "VM_NAME",
            "ACCEL",
            "BOOT",
            "AGENT",
            "SHARED_USER_DATA",
            "NETWORK",
            "PORTS",
            "EPHEMERAL",
            "LEASE",
            "BOOT_TIMEOUT",
            "STOP_TIMEOUT");

    public VmSpec {
        requireNonNull(image, "image");
        requireNonNull(name, "name");
        requireNonNull(diskImage, "diskImage");
        requireNonNull(checksum, "checksum");
        user.ifPresent(VmSpec::requireLogin);
        if (diskImage.isPresent() && user.isEmpty()) {
            throw new InvalidSpecException(
                    "Nobody can tell which login the disk image %s has: give its user, such as fedora."
                            .formatted(diskImage.get()));
        }
        if (cpus < 1 || cpus > 255) {
            throw new InvalidSpecException("Cpus must be between 1 and 255, was " + cpus + ".");
        }
        if (memory.compareTo(LEAST_MEMORY) < 0) {
            throw new InvalidSpecException("Memory must be at least " + LEAST_MEMORY + ", was " + memory + ".");
        }
        if (memory.compareTo(MOST_MEMORY) > 0) {
            throw new InvalidSpecException("Memory must be at most " + MOST_MEMORY + ", was " + memory + ".");
        }
        requireNonNull(disk, "disk");
        requireNonNull(acceleration, "acceleration");
        requireNonNull(boot, "boot");
        requireNonNull(agent, "agent");
        requireNonNull(network, "network");
        joins = List.copyOf(joins);
        requireDistinct(joins);
        requireNonNull(naming, "naming");
        ports = withSsh(ports);
        authorizedKeys = authorizedKeys.stream().map(VmSpec::publicKey).toList();
        requireNonNull(userData, "userData");
        requireNonNull(metaData, "metaData");
        requireNonNull(seed, "seed");
        requireNonNull(vnc, "vnc");
        data.ifPresent(VmSpec::requireFolder);
        env = Map.copyOf(env);
        env.keySet().forEach(VmSpec::requireFreeVariable);
        labels = Map.copyOf(labels);
        lease.ifPresent(value -> requireSeconds("Lease", value));
        requireSeconds("Boot timeout", bootTimeout);
        requireSeconds("Stop timeout", stopTimeout);
    }

    /**
     * The same machine of a disk image, under the name that it has.
     *
     * @param sum its checksum, or the address of a list of checksums
     * @param login of its user, where the spec names none
     */
    public VmSpec ofDisk(DiskImage address, String sum, String login) {
        return new VmSpec(
                image,
                name,
                Optional.of(address),
                Optional.of(sum),
                user.or(() -> Optional.of(login)),
                cpus,
                memory,
                disk,
                acceleration,
                boot,
                agent,
                network,
                joins,
                naming,
                ports,
                authorizedKeys,
                userData,
                userDataShared,
                metaData,
                seed,
                vnc,
                data,
                env,
                labels,
                ephemeral,
                lease,
                bootTimeout,
                stopTimeout);
    }

    /** The user data that a memory template may be made of, as its file; empty where it is of one machine alone. */
    public Optional<ContainerFile.Content> sharedUserData() {
        return userDataShared ? userData.map(ContainerFile.Content::of) : Optional.empty();
    }

    /** Starts a spec with the defaults: 1 CPU, 1G of memory, the image's disk, two minutes to power off. */
    public static Builder of(ImageRef image) {
        return new Builder(image);
    }

    private static List<PublishedPort> withSsh(List<PublishedPort> ports) {
        List<PublishedPort> all = new ArrayList<>();
        if (ports.stream().noneMatch(port -> port.guest().equals(Port.SSH))) {
            all.add(PublishedPort.SSH);
        }
        ports.stream().filter(port -> !all.contains(port)).forEach(all::add);
        return List.copyOf(all);
    }

    private static String publicKey(String line) {
        String stripped = line.strip();
        if (!PUBLIC_KEY.matcher(stripped).matches()) {
            // Not quoted: what is no public key may be a private one.
            throw new InvalidSpecException(
                    "A key to authorize is not a public key line such as \"ssh-ed25519 AAAA… me@home\".");
        }
        return stripped;
    }

    private static void requireFreeVariable(String variable) {
        if (!VARIABLE.matcher(variable).matches()) {
            throw new InvalidSpecException("Variable \"" + variable + "\" is not a name: use letters, digits and _.");
        }
        if (FIELDS.contains(variable)) {
            throw new InvalidSpecException("Variable " + variable + " has a setting of its own: use that instead.");
        }
    }

    private static void requireDistinct(List<NetworkJoin> joins) {
        for (NetworkJoin join : joins) {
            if (joins.stream()
                            .filter(other -> other.network().equals(join.network()))
                            .count()
                    > 1) {
                throw new InvalidSpecException(
                        "Network %s is to be joined twice: take one away.".formatted(join.network()));
            }
        }
    }

    private static void requireLogin(String user) {
        if (!LOGIN.matcher(user).matches()) {
            throw new InvalidSpecException("User \"%s\" is not the name of a login, such as fedora.".formatted(user));
        }
    }

    private static void requireFolder(String data) {
        if (!FOLDER.matcher(data).matches()) {
            throw new InvalidSpecException(
                    "Data \"%s\" is neither the name of a volume nor an absolute path without a comma."
                            .formatted(data));
        }
    }

    private static void requireSeconds(String what, Duration duration) {
        if (duration.compareTo(LONGEST_TIME) > 0) {
            throw new InvalidSpecException("%s must be at most %d seconds, was %d."
                    .formatted(what, LONGEST_TIME.toSeconds(), duration.toSeconds()));
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new InvalidSpecException(what + " must be at least a second, was " + duration.toMillis() + " ms.");
        }
    }

    /** Collects what was asked for; {@link #build} fills the rest and checks all of it. Not for several threads. */
    public static final class Builder {
        private final ImageRef image;
        private Optional<VmName> name = Optional.empty();
        private Optional<DiskImage> diskImage = Optional.empty();
        private Optional<String> checksum = Optional.empty();
        private Optional<String> user = Optional.empty();
        private int cpus = 1;
        private MemorySize memory = MemorySize.ofMegabytes(1024);
        private Optional<DiskSize> disk = Optional.empty();
        private Acceleration acceleration = Acceleration.AUTO;
        private BootMode boot = BootMode.AUTO;
        private Optional<AgentProgram> agent = Optional.empty();
        private NetworkMode network = NetworkMode.AUTO;
        private final List<NetworkJoin> joins = new ArrayList<>();
        private Naming naming = Naming.USUAL;
        private final List<PublishedPort> ports = new ArrayList<>();
        private final List<String> authorizedKeys = new ArrayList<>();
        private Optional<String> userData = Optional.empty();
        private boolean userDataShared;
        private Optional<String> metaData = Optional.empty();
        private Optional<SeedImage> seed = Optional.empty();
        private Optional<VncPassword> vnc = Optional.empty();
        private Optional<String> data = Optional.empty();
        private final Map<String, String> env = new LinkedHashMap<>();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private boolean ephemeral;
        private Optional<Duration> lease = Optional.empty();
        private Duration bootTimeout = Duration.ofMinutes(10);
        private Duration stopTimeout = Duration.ofMinutes(2);

        private Builder(ImageRef image) {
            this.image = image;
        }

        public Builder name(VmName value) {
            name = Optional.of(value);
            return this;
        }

        public Builder diskImage(DiskImage value) {
            diskImage = Optional.of(value);
            return this;
        }

        public Builder checksum(String value) {
            checksum = Optional.of(value);
            return this;
        }

        public Builder user(String value) {
            user = Optional.of(value);
            return this;
        }

        public Builder cpus(int value) {
            cpus = value;
            return this;
        }

        public Builder memory(MemorySize value) {
            memory = value;
            return this;
        }

        public Builder disk(DiskSize value) {
            disk = Optional.of(value);
            return this;
        }

        public Builder acceleration(Acceleration value) {
            acceleration = value;
            return this;
        }

        public Builder boot(BootMode value) {
            boot = value;
            return this;
        }

        public Builder agent(AgentProgram value) {
            agent = Optional.of(value);
            return this;
        }

        public Builder network(NetworkMode value) {
            network = value;
            return this;
        }

        public Builder join(NetworkJoin value) {
            joins.add(value);
            return this;
        }

        public Builder naming(Naming value) {
            naming = value;
            return this;
        }

        public Builder port(PublishedPort value) {
            ports.add(value);
            return this;
        }

        public Builder authorizedKey(String publicLine) {
            authorizedKeys.add(publicLine);
            return this;
        }

        public Builder userData(String value) {
            userData = Optional.of(value);
            userDataShared = false;
            return this;
        }

        /** Says of the user data that was given last that it holds no secret and is the same for many machines. */
        public Builder shareUserData() {
            userDataShared = userData.isPresent();
            return this;
        }

        public Builder metaData(String value) {
            metaData = Optional.of(value);
            return this;
        }

        public Builder seed(SeedImage value) {
            seed = Optional.of(value);
            return this;
        }

        /** The guest has a screen, which this password opens. */
        public Builder vnc(VncPassword value) {
            vnc = Optional.of(value);
            return this;
        }

        public Builder data(String value) {
            data = Optional.of(value);
            return this;
        }

        public Builder env(String variable, String value) {
            env.put(variable, value);
            return this;
        }

        public Builder label(String label, String value) {
            labels.put(label, value);
            return this;
        }

        /** Nobody will miss what is on the disk, and it ends by itself when not renewed for this long. */
        public Builder ephemeral(Duration leaseLength) {
            ephemeral = true;
            lease = Optional.of(leaseLength);
            return this;
        }

        /** Nobody will miss what is on the disk. */
        public Builder ephemeral() {
            ephemeral = true;
            return this;
        }

        /** It ends by itself when not renewed for this long. */
        public Builder lease(Duration value) {
            lease = Optional.of(value);
            return this;
        }

        public Builder bootTimeout(Duration value) {
            bootTimeout = value;
            return this;
        }

        public Builder stopTimeout(Duration value) {
            stopTimeout = value;
            return this;
        }

        /** @throws InvalidSpecException with one sentence about the first thing that is wrong */
        public VmSpec build() {
            return new VmSpec(
                    image,
                    name.orElseGet(VmName::random),
                    diskImage,
                    checksum,
                    user,
                    cpus,
                    memory,
                    disk,
                    acceleration,
                    boot,
                    agent,
                    network,
                    joins,
                    naming,
                    ports,
                    authorizedKeys,
                    userData,
                    userDataShared,
                    metaData,
                    seed,
                    vnc,
                    data,
                    env,
                    labels,
                    ephemeral,
                    lease,
                    bootTimeout,
                    stopTimeout);
        }
    }
}
