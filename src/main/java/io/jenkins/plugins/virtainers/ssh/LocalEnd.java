package io.jenkins.plugins.virtainers.ssh;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.Tunnel;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The end of a tunnel that an SSH library can connect to: a port of this machine's loopback that takes one connection and
 * no other. Another user of this machine who came first would meet the guest's SSH server, which lets in nobody without a
 * key; our own login would fail, and a second attempt have another port.
 */
final class LocalEnd implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(LocalEnd.class.getName());

    private final ServerSocket listener;

    private LocalEnd(ServerSocket listener) {
        this.listener = listener;
    }

    /** Waits for the connection in a thread of these. */
    static LocalEnd of(Tunnel tunnel, ExecutorService threads) {
        try {
            LocalEnd end = new LocalEnd(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            threads.execute(() -> end.serve(tunnel));
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException("listening on the loopback", e);
        }
    }

    Endpoint endpoint() {
        return new Endpoint(listener.getInetAddress().getHostAddress(), new Port(listener.getLocalPort()));
    }

    private void serve(Tunnel tunnel) {
        try (Socket client = listener.accept()) {
            listener.close();
            client.setTcpNoDelay(true);
            tunnel.join(client.getInputStream(), client.getOutputStream());
        } catch (IOException | VirtainerException e) {
            LOGGER.log(Level.FINE, "A tunnel to " + tunnel + " ended", e);
        } catch (InterruptedException e) {
            // The connector is closed, and with it all of its connections.
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a connection no longer; one that is there goes on. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Closing a port of the loopback", e);
        }
    }
}
