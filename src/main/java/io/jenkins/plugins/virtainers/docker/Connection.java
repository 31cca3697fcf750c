package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import io.jenkins.plugins.virtainers.docker.dial.Dialer;
import io.jenkins.plugins.virtainers.docker.dial.DialledSocket;
import io.jenkins.plugins.virtainers.docker.dial.SshAddress;
import io.jenkins.plugins.virtainers.docker.dial.SshCommand;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What a client of one engine shares: its connections, and how it calls. */
final class Connection implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Connection.class.getName());

    /** For what is answered at once. */
    static final Duration CALL = Duration.ofSeconds(60);
    /** Disks of guests, over a slow network. */
    static final Duration LARGE_FILE = Duration.ofHours(2);

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Frees the thread of a call that nobody waits for any longer, where an interruption cannot. */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private static final int CONNECTIONS = 256;

    private final DockerEndpoint endpoint;
    private final DockerClient client;
    private final DockerClient streams;
    private final Calls calls;
    private final Optional<DialledSocket> dialled;

    /** Makes no connection yet. */
    Connection(DockerEndpoint endpoint, Optional<Dialer> dialer) {
        this.endpoint = endpoint;
        this.calls = new Calls(endpoint, this::complaint);
        this.dialled = endpoint.ssh().map(address -> dialled(address, dialer));
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(address().toString())
                .withDockerTlsVerify(false)
                .build();
        this.client = DockerClientImpl.getInstance(
                config, http().responseTimeout(SILENCE).build());
        this.streams = DockerClientImpl.getInstance(config, http().build());
    }

    private DialledSocket dialled(SshAddress address, Optional<Dialer> dialer) {
        try {
            return new DialledSocket(
                    folder -> dialer.orElseGet(() -> new SshCommand(address, folder)), calls.threads());
        } catch (IOException e) {
            throw Failure.ENGINE_UNREACHABLE.because(
                    "Cannot reach %s: no socket of this machine can be made for it (%s). Make room in %s, or name another folder with TMPDIR."
                            .formatted(endpoint, Calls.message(e), System.getProperty("java.io.tmpdir")),
                    e);
        }
    }

    /** Where Docker's library finds the engine. */
    private URI address() {
        return dialled.map(socket -> DockerEndpoint.ofSocket(socket.path()))
                .orElse(endpoint)
                .uri();
    }

    private Optional<String> complaint() {
        return dialled.flatMap(DialledSocket::complaint);
    }

    private ApacheDockerHttpClient.Builder http() {
        ApacheDockerHttpClient.Builder http = new ApacheDockerHttpClient.Builder()
                .dockerHost(address())
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECT);
        endpoint.tls().ifPresent(tls -> http.sslConfig(new PemSslConfig(endpoint, tls)));
        return http;
    }

    DockerEndpoint endpoint() {
        return endpoint;
    }

    /** For calls that are answered at once. */
    DockerClient client() {
        return client;
    }

    /** For answers that last: log, wait and exec are silent for as long as a guest is. */
    DockerClient streams() {
        return streams;
    }

    Calls calls() {
        return calls;
    }

    /** Makes a call that is answered at once. */
    <T> T ask(String what, Callable<T> call) throws InterruptedException {
        try {
            return calls.within(CALL, what, call);
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    /** Makes a call that is answered at once, or with the word that there is no such thing. */
    <T> Optional<T> find(String what, Callable<T> call) throws InterruptedException {
        try {
            return Optional.of(calls.within(CALL, what, call));
        } catch (NotFoundException e) {
            return Optional.empty();
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    @Override
    public void close() {
        calls.close();
        try {
            client.close();
            streams.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Closing " + endpoint, e);
        }
        dialled.ifPresent(DialledSocket::close);
    }
}
