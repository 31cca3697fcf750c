package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reference to a container image. A name without a slash is one of this project's own: {@code debian:12} means
 * {@code virtainers/debian:12}.
 *
 * @param repository with namespace, and with a registry where one was given: {@code virtainers/debian}
 * @param version a tag with its colon, or a digest with its at sign: {@code :12}, {@code @sha256:…}
 */
public record ImageRef(String repository, String version) {
    private static final String OWN_NAMESPACE = "virtainers/";
    /** The project's image that holds the runtime and no guest. */
    public static final ImageRef RUNTIME = new ImageRef(OWN_NAMESPACE + "runtime", ":latest");

    /** Engines take 255 characters of a repository and 128 of a tag. The pattern of a longer one would fill the stack. */
    private static final int LONGEST = 512;

    private static final Pattern WRITTEN = Pattern.compile("(?<repository>(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::[0-9]+)?/)?"
            + "[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"
            + "(?<version>:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[a-f0-9]{64})?");

    public ImageRef {
        requireNonNull(repository, "repository");
        requireNonNull(version, "version");
    }

    /**
     * Reads {@code debian:12}, {@code example.org/team/fedora:30}, {@code debian@sha256:…}; the tag is {@code latest}
     * where none is given.
     *
     * @throws InvalidSpecException when it is not a reference
     */
    public static ImageRef parse(String written) {
        Matcher matcher = WRITTEN.matcher(written.strip());
        if (written.length() > LONGEST || !matcher.matches()) {
            throw new InvalidSpecException(
                    "Image \"%s\" is not an image reference: write NAME:TAG, such as debian:12.".formatted(written));
        }
        String repository = matcher.group("repository");
        String version = matcher.group("version");
        return new ImageRef(
                repository.contains("/") ? repository : OWN_NAMESPACE + repository,
                version == null ? ":latest" : version);
    }

    /** Full reference, as an engine takes it. */
    public String reference() {
        return repository + version;
    }

    /** Spellings under which an engine may hold this image, likeliest first. Podman keeps local ones as localhost/…. */
    public List<String> localSpellings() {
        return isQualified()
                ? List.of(reference())
                : List.of(reference(), "localhost/" + reference(), "docker.io/" + reference());
    }

    /** Whether this is one of the project's own images. */
    public boolean isOwn() {
        return repository.startsWith(OWN_NAMESPACE);
    }

    /** Where it is pulled from: the registry that it names, else Docker's own. */
    public String registry() {
        return isQualified() ? repository.substring(0, repository.indexOf('/')) : "https://index.docker.io/v1/";
    }

    private boolean isQualified() {
        String first = repository.substring(0, repository.indexOf('/'));
        return first.contains(".") || first.contains(":") || first.equals("localhost");
    }

    /** As people write it: {@code debian:12}. */
    @Override
    public String toString() {
        String name = reference().substring(isOwn() ? OWN_NAMESPACE.length() : 0);
        return name.contains("/") ? reference() : name;
    }
}
