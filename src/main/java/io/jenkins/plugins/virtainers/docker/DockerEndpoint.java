package io.jenkins.plugins.virtainers.docker;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.docker.dial.SshAddress;
import io.jenkins.plugins.virtainers.docker.dial.SshLogin;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.Quotation;
import io.jenkins.plugins.virtainers.engine.io.WrittenPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an engine listens.
 *
 * @param uri {@code unix:///path}, {@code tcp://host:port} or what {@link SshAddress} reads
 * @param tls what to prove and whom to trust, for {@code tcp}; without it the connection is plain
 * @param login for {@code ssh}; without one, this machine's ssh command logs in as it would for its user
 */
public record DockerEndpoint(URI uri, Optional<Tls> tls, Optional<SshLogin> login) {
    /** The path is as it stands, as it is for Docker's own client: a percent sign is one. */
    private static final Pattern SOCKET = Pattern.compile("unix:(?://)?(/[^\\p{Cntrl}\u0080-\u009f\u2028\u2029]*)");

    private static final int PLAIN_PORT = 2375;
    private static final int TLS_PORT = 2376;

    public DockerEndpoint {
        requireNonNull(uri, "uri");
        requireNonNull(tls, "tls");
        requireNonNull(login, "login");
    }

    private DockerEndpoint(URI uri, Optional<Tls> tls) {
        this(uri, tls, Optional.empty());
    }

    /** The same, for an engine behind SSH, with a login of this program's own. */
    public DockerEndpoint loggedInTo(SshLogin by) {
        return new DockerEndpoint(uri, tls, Optional.of(by));
    }

    /** The engine behind a socket of this machine. */
    public static DockerEndpoint ofSocket(Path socket) {
        try {
            // What URI.create would make of the path ends at the first blank, and a host may come before it.
            return new DockerEndpoint(
                    new URI("unix", "", socket.toAbsolutePath().toString(), null, null), Optional.empty());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a path: " + socket, e);
        }
    }

    /**
     * Reads what a DOCKER_HOST holds.
     *
     * @throws io.jenkins.plugins.virtainers.engine.failure.VirtainerException {@link Failure#ENGINE_CONFIGURATION} when it is no
     *     address
     */
    public static DockerEndpoint parse(String address, Optional<Tls> tls) {
        Matcher socket = SOCKET.matcher(address.strip());
        if (socket.matches()) {
            return ofSocket(WrittenPath.of(socket.group(1)).orElseThrow(() -> notAnAddress(address)));
        }
        URI uri;
        try {
            uri = URI.create(address.strip());
        } catch (IllegalArgumentException e) {
            throw notAnAddress(address);
        }
        String scheme = uri.getScheme();
        if (("tcp".equals(scheme) || "http".equals(scheme) || "https".equals(scheme)) && uri.getHost() != null) {
            int port = uri.getPort() < 0 ? (tls.isPresent() ? TLS_PORT : PLAIN_PORT) : uri.getPort();
            return new DockerEndpoint(
                    URI.create("tcp://" + uri.getRawAuthority().replaceAll(":\\d*$", "") + ":" + port), tls);
        }
        if (SshAddress.parse(uri).isPresent()) {
            return new DockerEndpoint(uri, Optional.empty());
        }
        throw notAnAddress(address);
    }

    private static RuntimeException notAnAddress(String address) {
        return Failure.ENGINE_CONFIGURATION.because(
                "Cannot use container engine \"%s\": not an address. Write unix:///path/to/socket, tcp://host:port or ssh://user@host."
                        .formatted(Quotation.line(address)));
    }

    /** Where to log in, for an engine behind SSH. */
    public Optional<SshAddress> ssh() {
        return SshAddress.parse(uri);
    }

    /** Whether whoever is on the way to the engine, or reaches it, can use it as this client does. */
    public boolean isOpenToAnybody() {
        return "tcp".equals(uri.getScheme()) && tls.isEmpty();
    }

    /** Whether ports that the engine's host publishes for this client are where it reaches them. */
    boolean leadsToPorts() {
        return ssh().isEmpty();
    }

    /** Whether the engine runs on this machine, and containers' addresses may be reachable. */
    public boolean isLocal() {
        return "unix".equals(uri.getScheme());
    }

    /**
     * The address of the engine's host on which ports of its containers are published: loopback where that reaches this
     * client, else the very address by which this client reaches the engine. Never every address; of an engine behind SSH
     * nothing is to be had but by SSH.
     */
    InetAddress publishAddress() {
        try {
            return isLocal() || !leadsToPorts()
                    ? InetAddress.getLoopbackAddress()
                    : InetAddress.getByName(uri.getHost());
        } catch (UnknownHostException e) {
            throw Failure.ENGINE_CONFIGURATION.because(
                    "Cannot reach container engine %s: no such host. Check the address.".formatted(uri), e);
        }
    }

    @Override
    public String toString() {
        return isLocal() ? "unix://" + uri.getPath() : uri.toString();
    }

    /**
     * Certificates and key for a connection, in PEM. Never printed.
     *
     * @param authority who signed the engine's certificate
     * @param certificate of this client
     * @param key of this client, private
     */
    public record Tls(String authority, String certificate, String key) {
        public Tls {
            requireNonNull(authority, "authority");
            requireNonNull(certificate, "certificate");
            requireNonNull(key, "key");
        }

        /** Reads ca.pem, cert.pem and key.pem, as the Docker client has them. */
        public static Tls read(Path directory) {
            try {
                return new Tls(
                        Files.readString(directory.resolve("ca.pem")),
                        Files.readString(directory.resolve("cert.pem")),
                        Files.readString(directory.resolve("key.pem")));
            } catch (IOException e) {
                throw Failure.ENGINE_CONFIGURATION.because(
                        "Cannot read the TLS files of the container engine in %s: %s. Put ca.pem, cert.pem and key.pem there, or set DOCKER_CERT_PATH."
                                .formatted(directory, e.getMessage()),
                        e);
            }
        }

        @Override
        public String toString() {
            return "TLS";
        }
    }
}
