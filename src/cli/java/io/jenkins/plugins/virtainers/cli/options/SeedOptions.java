package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Who may log in to the guest, and what cloud-init is told. */
final class SeedOptions {
    @Option(
            names = "--ssh-key",
            paramLabel = "FILE",
            description = "Public key that may log in too; of a private key, the .pub beside it. Repeatable.")
    private List<Path> sshKeys = List.of();

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            description = "Password of the guest's user. Whoever may inspect the container sees it; a key is better.")
    private Optional<String> password = Optional.empty();

    @Option(names = "--user-data", paramLabel = "FILE", description = "User data, given to cloud-init unchanged.")
    private Optional<Path> userData = Optional.empty();

    @Option(
            names = "--shared-user-data",
            paramLabel = "FILE",
            description = "User data that holds no secret and is the same for many machines: they are restored from a"
                    + " memory template in which it was applied.")
    private Optional<Path> sharedUserData = Optional.empty();

    @Option(
            names = "--run",
            paramLabel = "SCRIPT",
            description =
                    "Script, of any interpreter that its first line names, which root runs once in a memory template"
                            + " that many such machines are restored from: what it installed and started is there. No secrets.")
    private Optional<Path> script = Optional.empty();

    @Option(names = "--meta-data", paramLabel = "FILE", description = "Meta data, given to cloud-init unchanged.")
    private Optional<Path> metaData = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "FILE",
            description = "ISO image with all that cloud-init is told, in place of user data and meta data.")
    private Optional<Path> seed = Optional.empty();

    @Option(
            names = "--cloud-init-disk",
            paramLabel = "PATH",
            description = "Where the container has the generated seed. Default: /cloud_init.iso.")
    private Optional<String> cloudInitDisk = Optional.empty();

    @Option(names = "--strict", description = "End the machine when cloud-init had an error, rather than warn of it.")
    private boolean strict;

    void onto(VmSpec.Builder spec) {
        if (strict) {
            spec.env("STRICT", "yes");
        }
        sshKeys.forEach(file -> spec.authorizedKey(PublicKeyFile.read(file)));
        password.ifPresent(value -> spec.env("PASSWORD", value));
        requireOne();
        userData.map(SeedFiles::userData).ifPresent(spec::userData);
        sharedUserData
                .map(SeedFiles::userData)
                .or(() -> script.map(SeedFiles::script))
                .ifPresent(text -> spec.userData(text).shareUserData());
        metaData.map(SeedFiles::metaData).ifPresent(spec::metaData);
        seed.map(SeedFiles::image).ifPresent(spec::seed);
        cloudInitDisk.ifPresent(value -> spec.env("CLOUD_INIT_DISK", value));
    }

    private void requireOne() {
        List<String> given = Stream.of(
                        userData.map(file -> "--user-data " + file),
                        sharedUserData.map(file -> "--shared-user-data " + file),
                        script.map(file -> "--run " + file))
                .flatMap(Optional::stream)
                .toList();
        if (given.size() > 1) {
            throw new InvalidSpecException(
                    "Cloud-init is given one of these: %s. What a #cloud-config shall run goes into its runcmd."
                            .formatted(String.join(", ", given)));
        }
    }

    /** The caller's files, by the path at which the runtime looks for them. */
    Map<String, Path> files() {
        if (sshKeys.size() > 1) {
            throw new InvalidSpecException("A container sees one file of keys: put all of them into one, a line each.");
        }
        Map<String, Path> files = new LinkedHashMap<>();
        sshKeys.forEach(key -> files.put("/tmp/id_rsa.pub", PublicKeyFile.publicOf(key)));
        userData.or(() -> sharedUserData).or(() -> script).ifPresent(file -> files.put("/tmp/user-data", file));
        metaData.ifPresent(file -> files.put("/tmp/meta-data", file));
        seed.ifPresent(file -> files.put("/tmp/cloud_init.iso", file));
        return files;
    }
}
