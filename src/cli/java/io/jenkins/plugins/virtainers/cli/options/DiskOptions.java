package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.spec.DiskSize;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How large the guest's disk is, and where it and its image are kept. */
final class DiskOptions {
    @Option(
            names = "--disk",
            paramLabel = "SIZE",
            description = "Size of the guest's disk, such as 20G. Default: the image's.")
    private Optional<String> disk = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR|VOLUME",
            description =
                    "Folder of the engine's host, or named volume, that keeps the guest's disk for the next machine.")
    private Optional<String> data = Optional.empty();

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
            names = "--image-space",
            paramLabel = "SIZE",
            description = "What all fetched images of the host may take, such as 50G. Default: 50G.")
    private Optional<String> imageSpace = Optional.empty();

    @Option(
            names = "--image-dir",
            paramLabel = "PATH",
            description = "Where the container has the guest's disk. Default: /mounted.")
    private Optional<String> imageDir = Optional.empty();

    void onto(VmSpec.Builder spec) {
        disk.map(DiskSize::parse).ifPresent(spec::disk);
        data.ifPresent(spec::data);
        imagePath.ifPresent(value -> spec.env("IMAGE", value));
        imageCache.ifPresent(value -> spec.env("IMAGE_CACHE", value));
        imageSpace.ifPresent(value -> spec.env("IMAGE_SPACE", value));
        imageDir.ifPresent(value -> spec.env("IMAGE_DIR", value));
    }
}
