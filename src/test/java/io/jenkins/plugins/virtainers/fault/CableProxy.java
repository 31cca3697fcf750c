package io.jenkins.plugins.virtainers.fault;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Stands between a client and a server of any protocol over TCP, and carries their bytes as far as it is told. Any number
 * of threads may use it.
 */
public final class CableProxy implements AutoCloseable {
    private static final int PIECE = 1024;

    private final InetSocketAddress server;
    private final ServerSocketChannel front;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile CableFault toServer = CableFault.NONE;
    private volatile CableFault toClient = CableFault.NONE;

    private CableProxy(InetSocketAddress server, ServerSocketChannel front) {
        this.server = server;
        this.front = front;
    }

    /** Listens at a port of the loopback interface. */
    public static CableProxy to(String host, int port) throws IOException {
        ServerSocketChannel front = ServerSocketChannel.open();
        front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        CableProxy proxy = new CableProxy(new InetSocketAddress(host, port), front);
        FaultProxy.inBackground("cable", proxy::accept);
        return proxy;
    }

    public int port() {
        return front.socket().getLocalPort();
    }

    /** What happens to what clients say, on connections that are made from now on. */
    public void toServer(CableFault fault) {
        toServer = fault;
    }

    /** What happens to what the server says, on connections that are made from now on. */
    public void toClient(CableFault fault) {
        toClient = fault;
    }

    /** How many connections are open, counting both their ends. */
    public int ends() {
        return open.size();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = front.accept();
                FaultProxy.inBackground("cable", () -> lay(client));
            }
        } catch (IOException e) {
            // Closed: the end of the proxy.
            return;
        }
    }

    private void lay(SocketChannel client) {
        try (client;
                SocketChannel target = SocketChannel.open()) {
            open.add(client);
            open.add(target);
            try {
                target.connect(server);
                CableFault answers = toClient;
                Thread back = FaultProxy.inBackground("cable", () -> carry(target, client, answers));
                carry(client, target, toServer);
                FaultProxy.join(back);
            } finally {
                open.remove(client);
                open.remove(target);
            }
        } catch (IOException e) {
            // The end of one of them is that of both.
            return;
        }
    }

    private void carry(SocketChannel from, SocketChannel to, CableFault fault) {
        try {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            long left = fault.kind() == CableFault.Kind.NONE ? Long.MAX_VALUE : fault.bytes();
            while (left > 0) {
                piece.clear().limit((int) Math.min(PIECE, left));
                if (from.read(piece) < 0) {
                    to.shutdownOutput();
                    return;
                }
                left -= piece.flip().remaining();
                pause(fault);
                write(piece, to);
            }
            meet(fault.kind(), from, to);
        } catch (IOException e) {
            // Neither has anything to say to the other any more.
            FaultProxy.close(from);
            FaultProxy.close(to);
        }
    }

    private void meet(CableFault.Kind kind, SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        switch (kind) {
            case NONE -> throw new IllegalStateException("so many bytes there are not");
            case RESET -> {
                Peer.reset(to);
                Peer.reset(from);
            }
            case END -> {
                to.shutdownOutput();
                swallow(from, piece);
            }
            case SILENCE -> {
                swallow(from, piece);
                // Which its own time would tell the other end, too.
                from.close();
                to.close();
            }
            case NOISE -> {
                while (from.read(piece.clear()) >= 0) {
                    piece.flip();
                    for (int i = 0; i < piece.limit(); i++) {
                        piece.put(i, (byte) (piece.get(i) ^ 0x55));
                    }
                    write(piece, to);
                }
            }
        }
    }

    /** As long as its sender is there. */
    private static void swallow(SocketChannel from, ByteBuffer piece) throws IOException {
        while (from.read(piece.clear()) >= 0) {
            piece.clear();
        }
    }

    private static void write(ByteBuffer piece, SocketChannel to) throws IOException {
        while (piece.hasRemaining()) {
            to.write(piece);
        }
    }

    private void pause(CableFault fault) throws IOException {
        if (!fault.pause().isZero() && FaultProxy.isOver(closed, fault.pause())) {
            throw new IOException("closed");
        }
    }

    /** Cuts everybody off. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        front.close();
        for (Closeable end : open) {
            end.close();
        }
    }
}
