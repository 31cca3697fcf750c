package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.Acceleration;
import io.jenkins.plugins.virtainers.engine.BootMode;
import io.jenkins.plugins.virtainers.engine.DiskSize;
import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.MemorySize;
import io.jenkins.plugins.virtainers.engine.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.NetworkMode;
import io.jenkins.plugins.virtainers.engine.Port;
import io.jenkins.plugins.virtainers.engine.VmName;
import io.jenkins.plugins.virtainers.engine.VmSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be said about a virtual machine. */
final class VmOptions {
    @Option(names = "--cpus", paramLabel = "N", description = "Processors of the guest. Default: 1.")
    private Optional<String> cpus = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory of the guest, such as 512M or 4G. Default: 1G.")
    private Optional<String> memory = Optional.empty();

    @Option(
            names = "--disk",
            paramLabel = "SIZE",
            description = "Size of the guest's disk, such as 20G. Default: the image's.")
    private Optional<String> disk = Optional.empty();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the container and the guest. Default: a new one.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--ssh-key",
            paramLabel = "FILE",
            description = "Public key that may log in too; of a private key, the .pub beside it. Repeatable.")
    private List<Path> sshKeys = List.of();

    @Option(names = "--user-data", paramLabel = "FILE", description = "User data, given to cloud-init unchanged.")
    private Optional<Path> userData = Optional.empty();

    @Option(names = "--meta-data", paramLabel = "FILE", description = "Meta data, given to cloud-init unchanged.")
    private Optional<Path> metaData = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "FILE",
            description = "ISO image with all that cloud-init is told, in place of user data and meta data.")
    private Optional<Path> seed = Optional.empty();

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "Variable of the runtime (see the README's table). Repeatable.")
    private Map<String, String> env = new LinkedHashMap<>();

    @Option(
            names = "--data",
            paramLabel = "DIR|VOLUME",
            description =
                    "Folder of the engine's host, or named volume, that keeps the guest's disk for the next machine.")
    private Optional<String> data = Optional.empty();

    @Option(names = "--accel", paramLabel = "auto|kvm|tcg", description = "How the processor is made. Default: auto.")
    private Optional<String> acceleration = Optional.empty();

    @Option(
            names = "--boot",
            paramLabel = "auto|restore|direct|cold",
            description = "Which way the guest comes up: restored from a memory template or booted, cold with"
                    + " cloud-init. Default: auto.")
    private Optional<String> boot = Optional.empty();

    @Option(
            names = "--network",
            paramLabel = "auto|nat|user|bridge",
            description = "How the guest is reached. Default: auto.")
    private Optional<String> network = Optional.empty();

    @Option(
            names = "--join",
            paramLabel = "NETWORK[=ADDRESS]",
            description = "Network of the engine to be on, and with which address. Repeatable."
                    + " Default: virtainers, which is made when it is not there.")
    private List<String> joins = List.of();

    @Option(
            names = "--cidr",
            paramLabel = "A.B.C",
            description =
                    "The guest's own network behind user and nat, such as 192.168.100. Default: one that is free.")
    private Optional<String> cidr = Optional.empty();

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Port of the guest to publish beside SSH. Repeatable.")
    private List<String> ports = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long the guest may take to answer SSH, such as 90s or 10m. Default: 10m.")
    private Optional<String> timeout = Optional.empty();

    @Option(
            names = "--stop-timeout",
            paramLabel = "TIME",
            description = "How long the guest may take to power off. Default: 2m.")
    private Optional<String> stopTimeout = Optional.empty();

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description = "Password of the guest's user. Whoever may inspect the container sees it; a key is better.")
    private Optional<String> password = Optional.empty();

    @Option(
            names = "--os-variant",
            paramLabel = "NAME",
            description = "Accepted for compatibility; hardware is chosen by what the guest can do.")
    private Optional<String> osVariant = Optional.empty();

    @Option(
            names = "--image-path",
            paramLabel = "PATH",
            description = "Disk image in the container to boot in place of its own guest.")
    private Optional<String> imagePath = Optional.empty();

    @Option(
            names = "--image-cache",
            paramLabel = "PATH",
            description = "Where the container keeps fetched and unpacked images. Default: /images.")
    private Optional<String> imageCache = Optional.empty();

    @Option(
            names = "--image-dir",
            paramLabel = "PATH",
            description = "Where the container has the guest's disk. Default: /mounted.")
    private Optional<String> imageDir = Optional.empty();

    @Option(
            names = "--cloud-init-disk",
            paramLabel = "PATH",
            description = "Where the container has the generated seed. Default: /cloud_init.iso.")
    private Optional<String> cloudInitDisk = Optional.empty();

    @Option(
            names = "--tcg-threads",
            paramLabel = "single|multi",
            description = "Emulation: one thread, which is sound, or one for each CPU, in which Java may crash."
                    + " Default: single.")
    private Optional<String> tcgThreads = Optional.empty();

    @Option(
            names = "--template-space",
            paramLabel = "SIZE",
            description = "What all memory templates of a host may take. Default: 20G.")
    private Optional<String> templateSpace = Optional.empty();

    @Mixin
    private AgentOptions agent;

    /** The spec so far; keys of ours and how long it lives are the command's to add. */
    VmSpec.Builder toSpec(ImageRef image) {
        VmSpec.Builder spec = VmSpec.of(image);
        cpus.map(VmOptions::number).ifPresent(spec::cpus);
        memory.map(MemorySize::parse).ifPresent(spec::memory);
        disk.map(DiskSize::parse).ifPresent(spec::disk);
        name.map(VmName::new).ifPresent(spec::name);
        sshKeys.forEach(file -> spec.authorizedKey(PublicKeyFile.read(file)));
        userData.map(SeedFiles::userData).ifPresent(spec::userData);
        metaData.map(SeedFiles::metaData).ifPresent(spec::metaData);
        seed.map(SeedFiles::image).ifPresent(spec::seed);
        env.forEach(spec::env);
        password.ifPresent(value -> spec.env("PASSWORD", value));
        osVariant.ifPresent(value -> spec.env("OS_VARIANT", value));
        imagePath.ifPresent(value -> spec.env("IMAGE", value));
        imageCache.ifPresent(value -> spec.env("IMAGE_CACHE", value));
        imageDir.ifPresent(value -> spec.env("IMAGE_DIR", value));
        cloudInitDisk.ifPresent(value -> spec.env("CLOUD_INIT_DISK", value));
        tcgThreads.ifPresent(value -> spec.env("TCG_THREADS", value));
        templateSpace.ifPresent(value -> spec.env("TEMPLATE_SPACE", value));
        cidr.ifPresent(value -> spec.env("CIDR", value));
        data.ifPresent(spec::data);
        acceleration.map(Acceleration::parse).ifPresent(spec::acceleration);
        boot.map(BootMode::parse).ifPresent(spec::boot);
        agent.program().ifPresent(spec::agent);
        network.map(NetworkMode::parse).ifPresent(spec::network);
        joins.stream().map(NetworkJoin::parse).forEach(spec::join);
        ports.stream().map(Port::parse).forEach(spec::port);
        timeout.map(TimeSpan::parse).ifPresent(spec::bootTimeout);
        stopTimeout.map(TimeSpan::parse).ifPresent(spec::stopTimeout);
        return spec;
    }

    /** The caller's files, by the path at which the runtime looks for them. */
    Map<String, Path> files() {
        if (sshKeys.size() > 1) {
            throw new InvalidSpecException("A container sees one file of keys: put all of them into one, a line each.");
        }
        Map<String, Path> files = new LinkedHashMap<>();
        sshKeys.forEach(key -> files.put("/tmp/id_rsa.pub", PublicKeyFile.publicOf(key)));
        userData.ifPresent(file -> files.put("/tmp/user-data", file));
        metaData.ifPresent(file -> files.put("/tmp/meta-data", file));
        seed.ifPresent(file -> files.put("/tmp/cloud_init.iso", file));
        return files;
    }

    private static int number(String written) {
        try {
            return Integer.parseInt(written.strip());
        } catch (NumberFormatException e) {
            throw new InvalidSpecException("Cpus \"%s\" is not a whole number, such as 2.".formatted(written));
        }
    }
}
