package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A complete seed for cloud-init, such as {@code genisoimage -volid cidata} makes. One that cloud-init would not find is
 * refused, since a guest would boot for minutes and be told nothing.
 *
 * @param content an ISO or FAT image
 */
public record SeedImage(ContainerFile.Content content) {
    /** What the data sources NoCloud and ConfigDrive of cloud-init look for, in either case. */
    private static final List<String> VOLUMES = List.of("cidata", "config-2");

    public SeedImage {
        byte[] image = content.bytes();
        // Where ISO 9660 has the name of a volume, FAT12 and FAT16, FAT32.
        if (Stream.of(text(image, 0x8028, 32), text(image, 43, 11), text(image, 71, 11))
                .noneMatch(VOLUMES::contains)) {
            throw new InvalidSpecException(
                    "This seed is no volume that cloud-init looks for: make an ISO or FAT image called cidata, as genisoimage -volid cidata does.");
        }
    }

    private static String text(byte[] image, int offset, int length) {
        return image.length < offset + length
                ? ""
                : new String(Arrays.copyOfRange(image, offset, offset + length), StandardCharsets.ISO_8859_1)
                        .strip()
                        .toLowerCase(Locale.ROOT);
    }
}
