package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.io.Pump;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A socket that leads to another one until it is closed, and then cuts everybody off. */
final class SocketProxy implements AutoCloseable {
    private final ServerSocketChannel server;
    private final UnixDomainSocketAddress target;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    SocketProxy(Path socket, Path target) throws IOException {
        this.target = UnixDomainSocketAddress.of(target);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Pump.inBackground(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                SocketChannel engine = SocketChannel.open(target);
                keep(client, engine);
                Pump.start(client, engine, engine::shutdownOutput);
                Pump.start(engine, client, client::shutdownOutput);
            }
        } catch (IOException e) {
            // Closed: the end of the proxy.
            return;
        }
    }

    /** Who was let in while this is closed is cut off too. */
    private synchronized void keep(SocketChannel client, SocketChannel engine) throws IOException {
        open.add(client);
        open.add(engine);
        if (!server.isOpen()) {
            close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        server.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
