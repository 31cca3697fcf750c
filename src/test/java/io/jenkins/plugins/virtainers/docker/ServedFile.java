package io.jenkins.plugins.virtainers.docker;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file at an address of this machine that the containers of its Docker reach. */
public final class ServedFile implements AutoCloseable {
    private final HttpServer server;
    private final String url;

    public ServedFile(Path file) throws IOException {
        server = HttpServer.create(new InetSocketAddress(gateway(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"" + Files.size(file) + "\"");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            exchange.sendResponseHeaders(200, Files.size(file));
            try (OutputStream out = exchange.getResponseBody()) {
                Files.copy(file, out);
            }
        });
        server.start();
        url = "http://%s:%d/%s".formatted(gateway(), server.getAddress().getPort(), file.getFileName());
    }

    /** This machine's address on the engine's usual network, which containers of any network reach. */
    private static String gateway() throws IOException {
        return NetworkInterface.getByName("docker0")
                .inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseThrow()
                .getHostAddress();
    }

    public String url() {
        return url;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
