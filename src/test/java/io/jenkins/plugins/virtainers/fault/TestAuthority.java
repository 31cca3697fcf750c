package io.jenkins.plugins.virtainers.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
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
import javax.net.ssl.TrustManagerFactory;

/**
 * Who signs the certificates of a server on loopback and of its clients.
 *
 * @param directory with ca.pem, cert.pem and key.pem, as the Docker client has them, and a server's store
 */
public record TestAuthority(Path directory) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Makes one in a new directory. */
    public static TestAuthority make(Path directory) throws IOException, InterruptedException {
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
        return new TestAuthority(directory);
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

    /** A port of the loopback interface that wants a certificate of whoever comes. */
    SSLServerSocket listen() throws IOException, GeneralSecurityException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(directory.resolve("server.p12"))) {
            own.load(file, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        try (InputStream file = Files.newInputStream(directory.resolve("ca.pem"))) {
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        SSLServerSocket front = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        front.setNeedClientAuth(true);
        return front;
    }
}
