package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.Naming;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container to create; made by {@link #of}. It has the rights of its {@link Rights} and no others.
 *
 * @param image as {@link ContainerImage#id} has it, so that a tag cannot move in between
 * @param name of the container
 * @param env variables; never a secret
 * @param labels labels; never a secret
 * @param published ports to publish on the container's host, on an address only this client's side can use
 * @param command arguments for the image's entrypoint; none to boot a guest
 * @param kvm whether /dev/kvm is passed
 * @param kvmGroup the group that its user is in to open that, in the words of the engine; empty for none
 * @param volumes of the host that it sees
 * @param lends a folder of its image that other containers can borrow: a copy of it, on a volume that goes with the last
 *     of them; it is there as soon as the container was created; empty for none
 * @param borrows the container whose lent folder it sees, in the same place; that one may be removed then
 * @param networks that it joins, the first one first; none leaves it to the host
 * @param naming what it is called, and which names it knows
 * @param rights what it may do
 * @param ipv6 whether a {@link Rights#ROUTER} routes IPv6 as well, of a network that has it
 * @param stopTimeout how long its host waits, when it asks it to end, before it kills it; empty leaves it to the host
 * @param logSpace how much of its log its host keeps, the latest; empty leaves it to the host
 * @param limits what it may take of its host; empty leaves it to the host
 * @param removedWhenEnded whether the host removes it when it ends, whoever is still there
 */
public record ContainerRequest(
        String image,
        VmName name,
        Map<String, String> env,
        Map<String, String> labels,
        List<PublishedPort> published,
        List<String> command,
        boolean kvm,
        Optional<String> kvmGroup,
        List<Volumes.Mount> volumes,
        Optional<String> lends,
        Optional<ContainerId> borrows,
        List<NetworkJoin> networks,
        Naming naming,
        Rights rights,
        boolean ipv6,
        Optional<Duration> stopTimeout,
        Optional<MemorySize> logSpace,
        Optional<Limits> limits,
        boolean removedWhenEnded) {

    /**
     * What a container may take of its host.
     *
     * @param memory of all its processes together, and of files that it has just read or written; beyond that, its
     *     kernel ends one of them
     * @param processes threads included, at once
     */
    public record Limits(MemorySize memory, int processes) {
        public Limits {
            requireNonNull(memory, "memory");
        }
    }

    /** What a container may do. */
    public enum Rights {
        /** Runs a guest: user 1000, no capability, no new privileges. */
        GUEST,
        /**
         * Runs a guest and routes its packets: user 0 with the device /dev/net/tun, the capability NET_ADMIN (for IPv6
         * NET_RAW too), those to run QEMU as user 1000 who has none, and no others, no new privileges.
         */
        ROUTER,
        /**
         * Keeps the memory templates, and runs no guest of any caller's: user 0, which owns the templates, with the
         * capabilities to run QEMU as user 1000 and no others, no new privileges. It gives way to guests.
         */
        TEMPLATES,
        /**
         * Gives folders of the host to guests, and runs none: user 0 with the capability CHOWN alone, no new privileges.
         * A folder that it is to see and that is not there is made.
         */
        FOLDERS
    }

    public ContainerRequest {
        requireNonNull(image, "image");
        requireNonNull(name, "name");
        env = Map.copyOf(env);
        labels = Map.copyOf(labels);
        published = List.copyOf(published);
        command = List.copyOf(command);
        requireNonNull(kvmGroup, "kvmGroup");
        volumes = List.copyOf(volumes);
        requireNonNull(lends, "lends");
        requireNonNull(borrows, "borrows");
        networks = List.copyOf(networks);
        requireNonNull(naming, "naming");
        requireNonNull(rights, "rights");
        requireNonNull(stopTimeout, "stopTimeout");
        requireNonNull(logSpace, "logSpace");
        requireNonNull(limits, "limits");
    }

    /** Starts a request for a container with the rights of a guest's and nothing else. */
    public static Builder of(String image, VmName name) {
        return new Builder(image, name);
    }

    /** What it is called on its networks. */
    public String hostname() {
        return naming.hostname().orElseGet(name::value);
    }

    /** The same, without /dev/kvm. */
    public ContainerRequest withoutKvm() {
        return toBuilder().kvm(false).build();
    }

    /** The same, with one more label. */
    public ContainerRequest labelled(String label, String value) {
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.put(label, value);
        return toBuilder().labels(all).build();
    }

    private Builder toBuilder() {
        Builder builder = new Builder(image, name);
        builder.env = env;
        builder.labels = labels;
        builder.published = published;
        builder.command = command;
        builder.kvm = kvm;
        builder.kvmGroup = kvmGroup;
        builder.volumes = volumes;
        builder.lends = lends;
        builder.borrows = borrows;
        builder.networks = networks;
        builder.naming = naming;
        builder.rights = rights;
        builder.ipv6 = ipv6;
        builder.stopTimeout = stopTimeout;
        builder.logSpace = logSpace;
        builder.limits = limits;
        builder.removedWhenEnded = removedWhenEnded;
        return builder;
    }

    /** Collects what a container shall have. Not for several threads. */
    public static final class Builder {
        private final String image;
        private final VmName name;
        private Map<String, String> env = Map.of();
        private Map<String, String> labels = Map.of();
        private List<PublishedPort> published = List.of();
        private List<String> command = List.of();
        private boolean kvm;
        private Optional<String> kvmGroup = Optional.empty();
        private List<Volumes.Mount> volumes = List.of();
        private Optional<String> lends = Optional.empty();
        private Optional<ContainerId> borrows = Optional.empty();
        private List<NetworkJoin> networks = List.of();
        private Naming naming = Naming.USUAL;
        private Rights rights = Rights.GUEST;
        private boolean ipv6;
        private Optional<Duration> stopTimeout = Optional.empty();
        private Optional<MemorySize> logSpace = Optional.empty();
        private Optional<Limits> limits = Optional.empty();
        private boolean removedWhenEnded;

        private Builder(String image, VmName name) {
            this.image = image;
            this.name = name;
        }

        public Builder env(Map<String, String> value) {
            env = value;
            return this;
        }

        public Builder labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        public Builder published(List<PublishedPort> value) {
            published = value;
            return this;
        }

        public Builder command(String... value) {
            command = List.of(value);
            return this;
        }

        public Builder kvm(boolean value) {
            kvm = value;
            return this;
        }

        /** Of no use without the device. */
        public Builder kvmGroup(Optional<String> value) {
            kvmGroup = value;
            return this;
        }

        public Builder volumes(List<Volumes.Mount> value) {
            volumes = value;
            return this;
        }

        /** @param folder absolute, of the image */
        public Builder lends(String folder) {
            lends = Optional.of(folder);
            return this;
        }

        public Builder borrows(Optional<ContainerId> value) {
            borrows = value;
            return this;
        }

        public Builder networks(List<NetworkJoin> value) {
            networks = value;
            return this;
        }

        public Builder naming(Naming value) {
            naming = value;
            return this;
        }

        public Builder rights(Rights value) {
            rights = value;
            return this;
        }

        public Builder ipv6(boolean value) {
            ipv6 = value;
            return this;
        }

        public Builder stopTimeout(Duration value) {
            stopTimeout = Optional.of(value);
            return this;
        }

        public Builder logSpace(Optional<MemorySize> value) {
            logSpace = value;
            return this;
        }

        public Builder limits(Optional<Limits> value) {
            limits = value;
            return this;
        }

        public Builder removedWhenEnded() {
            removedWhenEnded = true;
            return this;
        }

        public ContainerRequest build() {
            return new ContainerRequest(
                    image,
                    name,
                    env,
                    labels,
                    published,
                    command,
                    kvm,
                    kvm ? kvmGroup : Optional.empty(),
                    volumes,
                    lends,
                    borrows,
                    networks,
                    naming,
                    rights,
                    ipv6,
                    stopTimeout,
                    logSpace,
                    limits,
                    removedWhenEnded);
        }
    }
}
