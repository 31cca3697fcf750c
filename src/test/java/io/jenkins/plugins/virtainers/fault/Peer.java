package io.jenkins.plugins.virtainers.fault;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import javax.net.ssl.SSLSocket;

/**
 * One end of a conversation.
 *
 * @param in what it says
 * @param out what it is told
 * @param goodbye says that there is nothing more to tell; what it says is still heard
 * @param end closes it at once, both ways
 */
record Peer(ReadableByteChannel in, WritableByteChannel out, Ending goodbye, Closeable end) implements Closeable {
    /** How a conversation ends. */
    @FunctionalInterface
    interface Ending {
        void run() throws IOException;
    }

    static Peer of(SocketChannel channel) {
        return new Peer(channel, channel, channel::shutdownOutput, channel);
    }

    static Peer of(SSLSocket socket) throws IOException {
        socket.startHandshake();
        return new Peer(
                Channels.newChannel(socket.getInputStream()),
                Channels.newChannel(socket.getOutputStream()),
                socket::shutdownOutput,
                socket);
    }

    /** As when the cable is pulled, where a protocol has a word for it: TCP says RST. */
    static void reset(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        channel.close();
    }

    @Override
    public void close() throws IOException {
        end.close();
    }
}
