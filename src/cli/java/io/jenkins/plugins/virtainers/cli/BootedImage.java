package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.VmSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What is booted: a container image with a guest in it, or a disk image of the caller's in the image without one. */
final class BootedImage {
    /** Where the runtime looks for a disk image. */
    private static final String DISK = "/image";

    private static final Pattern URL = Pattern.compile("(?i)https?://.*");

    @Option(
            names = "--image",
            paramLabel = "FILE|URL",
            description = "Disk image to boot in place of IMAGE: raw or qcow2, also as xz, gz or zst. Wants --user.")
    private Optional<String> disk = Optional.empty();

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Login that gets the keys, of a guest that cloud-init sets up. Default: the image's.")
    private Optional<String> user = Optional.empty();

    /** Whether the words of the command line name no image. */
    boolean isDisk() {
        return disk.isPresent();
    }

    /**
     * The spec so far.
     *
     * @param image of the command line
     */
    VmSpec.Builder toSpec(VmOptions machine, Optional<String> image) {
        if (disk.isPresent() && image.isPresent()) {
            throw new InvalidSpecException("Both --image %s and the image %s are to be booted: take one away."
                    .formatted(disk.get(), image.get()));
        }
        VmSpec.Builder spec = machine.toSpec(
                disk.isPresent()
                        ? ImageRef.RUNTIME
                        : image.map(ImageRef::parse)
                                .orElseThrow(
                                        () -> new InvalidSpecException(
                                                "Say what to boot: an image such as debian:12, or a disk image with --image.")));
        user.ifPresent(spec::user);
        disk.ifPresent(written -> boot(spec, written));
        return spec;
    }

    private void boot(VmSpec.Builder spec, String written) {
        if (user.isEmpty()) {
            throw new InvalidSpecException(
                    "Nobody can tell which login the disk image %s has: say it with --user, such as --user fedora."
                            .formatted(written));
        }
        if (isUrl(written)) {
            spec.env("IMAGE_URL", written);
            return;
        }
        Path file = Path.of(written);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw Failure.IMAGE_MISSING.because(
                    "Cannot boot the disk image %s: %s. Name a file, or an address that begins with https://."
                            .formatted(
                                    written,
                                    Files.exists(file) ? "it is no file that can be read" : "there is no such file"));
        }
        spec.diskImage(file);
    }

    /** The disk image, by the path at which the runtime looks for it. */
    Map<String, Path> files() {
        return disk.filter(written -> !isUrl(written))
                .map(written -> Map.of(DISK, Path.of(written)))
                .orElse(Map.of());
    }

    private static boolean isUrl(String written) {
        return URL.matcher(written).matches();
    }
}
