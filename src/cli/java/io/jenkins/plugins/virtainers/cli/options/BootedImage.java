package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.WrittenPath;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is booted: a container image with a guest in it, or a disk image of the caller's in the image without one. */
public final class BootedImage {
    /** Where the runtime looks for a disk image. */
    private static final String DISK = "/image";

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

    @Option(
            names = "--checksum",
            paramLabel = "SUM",
            description = "The sha256 or sha512 that the disk image must have, or the address of a list with it.")
    private Optional<String> checksum = Optional.empty();

    /** Whether the words of the command line name no image. */
    public boolean isDisk() {
        return disk.isPresent();
    }

    /**
     * The spec so far.
     *
     * @param image of the command line
     */
    public VmSpec.Builder toSpec(VmOptions machine, Optional<String> image) {
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
        disk.map(BootedImage::diskImage).ifPresent(spec::diskImage);
        checksum.ifPresent(spec::checksum);
        return spec;
    }

    private static DiskImage diskImage(String written) {
        if (DiskImage.AtAddress.isMeant(written)) {
            return new DiskImage.AtAddress(written);
        }
        Path file = WrittenPath.of(written)
                .orElseThrow(() -> new InvalidSpecException(
                        "Cannot boot the disk image \"%s\": it can be no file's path.".formatted(written)));
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw Failure.IMAGE_MISSING.because(
                    "Cannot boot the disk image %s: %s. Name a file, or an address that begins with https://."
                            .formatted(
                                    written,
                                    Files.exists(file) ? "it is no file that can be read" : "there is no such file"));
        }
        return new DiskImage.InFile(file);
    }

    /** The disk image, by the path at which the runtime looks for it. */
    public Map<String, Path> files() {
        return disk.map(BootedImage::diskImage).orElse(null) instanceof DiskImage.InFile image
                ? Map.of(DISK, image.file())
                : Map.of();
    }
}
