package io.jenkins.plugins.virtainers.engine.image;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The disk images that distributions publish, by the names that people know them by, such as {@code fedora:43}. Such a
 * name needs no container image of its own: the runtime boots what is at the address.
 */
public final class Catalogue {
    private static final String KIND = "cloud";
    private static final int COLUMNS = 8;

    /** What this project knows: images/versions.conf. */
    private static final class BuiltIn {
        static final Catalogue CATALOGUE = new Catalogue(read());

        private static String read() {
            try (InputStream list = Catalogue.class.getResourceAsStream("versions.conf")) {
                if (list == null) {
                    throw new IOException("there is no versions.conf");
                }
                return new String(list.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException("reading our own list of images", e);
            }
        }
    }

    private final Map<ImageRef, Entry> entries;

    /**
     * One image.
     *
     * @param name as people write it
     * @param address of the file
     * @param checksum of the file, or the address of the publisher's list of checksums
     * @param user whose login cloud-init makes there
     */
    public record Entry(ImageRef name, DiskImage.AtAddress address, String checksum, String user) {}

    /**
     * @param list lines of {@code name | kind | address | user | boot | end of life | system | checksum | format}, those of
     *     another kind than "cloud" being none of ours; what begins with # says nothing
     * @throws InvalidSpecException for a line that cannot be read
     */
    public Catalogue(String list) {
        entries = list.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.split(" *[|] *", -1))
                .filter(fields -> fields.length > 1 && fields[1].equals(KIND))
                .map(Catalogue::entry)
                .collect(toUnmodifiableMap(Entry::name, Function.identity(), (first, second) -> first));
    }

    public static Catalogue builtIn() {
        return BuiltIn.CATALOGUE;
    }

    private static Entry entry(String[] fields) {
        if (fields.length < COLUMNS) {
            throw new InvalidSpecException("The catalogue's line \"%s\" has %d columns of %d."
                    .formatted(String.join(" | ", fields), fields.length, COLUMNS));
        }
        return new Entry(ImageRef.parse(fields[0]), new DiskImage.AtAddress(fields[2]), fields[7], fields[3]);
    }

    /** What an image's name stands for. */
    public Optional<Entry> find(ImageRef name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** All of them, by name. */
    public List<Entry> entries() {
        return entries.values().stream()
                .sorted(Comparator.comparing(entry -> entry.name().toString()))
                .toList();
    }

    /** The names, as people write them. */
    public List<String> names() {
        return entries().stream().map(entry -> entry.name().toString()).toList();
    }
}
