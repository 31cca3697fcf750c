package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.docker.LiarImage;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import io.jenkins.plugins.virtainers.engine.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine at a TCP address, behind TLS that asks clients for a certificate: the real engine, with a TLS front. */
class TlsIT extends CommandTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path certificates;

    private SSLServerSocket front;

    @BeforeAll
    static void prepare() throws Exception {
        LiarImage.build(RealHosts.docker());
        authority("good");
        authority("other");
    }

    /** A directory with ca.pem, cert.pem and key.pem, as the Docker client has them, and a server's store. */
    private static void authority(String name) throws Exception {
        Path directory = Files.createDirectory(certificates.resolve(name));
        Files.writeString(directory.resolve("server.ext"), "subjectAltName=IP:127.0.0.1\n");
        openssl(
                directory,
                "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca-key.pem -out ca.pem");
        openssl(directory, "req -newkey rsa:2048 -nodes -subj /CN=client -keyout key.pem -out client.csr");
        openssl(
                directory,
                "x509 -req -days 2 -in client.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out cert.pem");
        openssl(directory, "req -newkey rsa:2048 -nodes -subj /CN=server -keyout server-key.pem -out server.csr");
        openssl(
                directory,
                "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile server.ext -out server.pem");
        openssl(
                directory,
                "pkcs12 -export -passout pass:changeit -inkey server-key.pem -in server.pem -out server.p12");
    }

    private static void openssl(Path directory, String arguments) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("openssl"));
        for (String word : arguments.split(" ", -1)) {
            words.add(word);
        }
        Process process = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    @BeforeEach
    void serve() throws Exception {
        Path good = certificates.resolve("good");
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(good.resolve("server.p12"))) {
            own.load(file, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        try (InputStream file = Files.newInputStream(good.resolve("ca.pem"))) {
            trusted.setCertificateEntry(
                    "authority",
                    java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        front = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        front.setNeedClientAuth(true);
        daemon(this::accept);
    }

    @AfterEach
    void stopServing() throws IOException {
        front.close();
    }

    private void accept() {
        while (!front.isClosed()) {
            try {
                SSLSocket client = (SSLSocket) front.accept();
                daemon(() -> join(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void join(SSLSocket client) {
        try (client;
                SocketChannel engine = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.startHandshake();
            engine.connect(UnixDomainSocketAddress.of(endpoint.uri().getPath()));
            daemon(() -> {
                try {
                    Channels.newInputStream(engine).transferTo(client.getOutputStream());
                    client.shutdownOutput();
                } catch (IOException e) {
                    // The client has gone.
                    return;
                }
            });
            OutputStream toEngine = Channels.newOutputStream(engine);
            byte[] buffer = new byte[1 << 16];
            for (int read = client.getInputStream().read(buffer);
                    read >= 0;
                    read = client.getInputStream().read(buffer)) {
                toEngine.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // A client that fails the handshake is what some of these tests want.
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "tls-front");
        thread.setDaemon(true);
        thread.start();
    }

    private CommandRun remotely(String authority, String... arguments) {
        return start(
                Map.of(
                        "DOCKER_HOST",
                        "tcp://127.0.0.1:" + front.getLocalPort(),
                        "DOCKER_TLS_VERIFY",
                        "1",
                        "DOCKER_CERT_PATH",
                        certificates.resolve(authority).toString()),
                NO_INPUT,
                arguments);
    }

    @Test
    void drivesAnEngineBehindTls() {
        CommandRun run = remotely("good", "exec", "--name", name(), "--env", "LIE=panic", "liar:1", "--", "true");
        assertEquals(Failure.GUEST_FAILED.exitStatus(), run.status(), run.err());
        assertTrue(run.err().contains("| Kernel panic - not syncing"), run.err());
    }

    @Test
    void refusesAnEngineThatAnotherAuthoritySigned() {
        CommandRun run = remotely("other", "ps");
        assertNotEquals(0, run.status());
        assertTrue(run.err().contains("tcp://127.0.0.1:"), run.err());
        assertTrue(run.err().toLowerCase(java.util.Locale.ROOT).contains("certificate"), run.err());
    }

    @Test
    void saysThatAnEngineWantsTls() {
        CommandRun run = start(Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + front.getLocalPort()), NO_INPUT, "ps");
        assertNotEquals(0, run.status());
        assertTrue(run.err().contains("tcp://127.0.0.1:"), run.err());
    }

    @Test
    void namesTheTlsFilesThatAreMissing() {
        CommandRun run = start(
                Map.of(
                        "DOCKER_HOST",
                        "tcp://127.0.0.1:" + front.getLocalPort(),
                        "DOCKER_TLS_VERIFY",
                        "1",
                        "DOCKER_CERT_PATH",
                        directory.toString()),
                NO_INPUT,
                "ps");
        assertEquals(Failure.ENGINE_CONFIGURATION.exitStatus(), run.status(), run.err());
        assertTrue(run.err().contains("ca.pem"), run.err());
    }
}
