package io.jenkins.plugins.virtainers.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
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
        daemon(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                SocketChannel engine = SocketChannel.open(target);
                keep(client, engine);
                daemon(() -> pump(client, engine));
                daemon(() -> pump(engine, client));
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

    private static void pump(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One end is gone; the other learns it from its own pump.
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "socket-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void close() throws IOException {
        server.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
