package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.virtainers.engine.io.Pump;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A real engine at a TCP port of this machine, behind TLS that asks clients for a certificate. */
public final class TlsFront implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path socket;
    private final SSLServerSocket front;

    /**
     * @param endpoint a local engine's
     * @param authority of the server and of the clients that are let in, from {@link #makeAuthority}
     */
    public TlsFront(DockerEndpoint endpoint, Path authority) throws IOException, GeneralSecurityException {
        socket = Path.of(endpoint.uri().getPath());
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(authority.resolve("server.p12"))) {
            own.load(file, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        try (InputStream file = Files.newInputStream(authority.resolve("ca.pem"))) {
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        front = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        front.setNeedClientAuth(true);
        Pump.inBackground(this::accept);
    }

    public String uri() {
        return "tcp://127.0.0.1:" + front.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        front.close();
    }

    /** Makes a directory with ca.pem, cert.pem and key.pem, as the Docker client has them, and a server's store. */
    public static Path makeAuthority(Path directory) throws IOException, InterruptedException {
        Files.createDirectory(directory);
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
        return directory;
    }

    private static void openssl(Path directory, String arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("openssl"));
        words.addAll(List.of(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private void accept() {
        while (!front.isClosed()) {
            try {
                SSLSocket client = (SSLSocket) front.accept();
                Pump.inBackground(() -> join(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void join(SSLSocket client) {
        try (client;
                SocketChannel engine = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.startHandshake();
            engine.connect(UnixDomainSocketAddress.of(socket));
            // Not through Channels' streams of the engine's: those of one channel wait for each other.
            Pump.start(engine, Channels.newChannel(client.getOutputStream()), client::shutdownOutput);
            Pump.carry(Channels.newChannel(client.getInputStream()), engine);
        } catch (IOException e) {
            // A client that fails the handshake is what some tests want.
            return;
        }
    }
}
