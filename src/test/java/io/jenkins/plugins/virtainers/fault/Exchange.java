package io.jenkins.plugins.virtainers.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request on its way, and its answer: what a {@link Fault} makes of them. */
public final class Exchange {
    private final HttpHead request;
    private final HttpFlow fromClient;
    private final HttpFlow fromEngine;
    private final Peer client;
    private final Peer engine;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean waiting = new AtomicBoolean(true);

    Exchange(HttpHead request, HttpFlow fromClient, HttpFlow fromEngine, Peer client, Peer engine) {
        this.request = request;
        this.fromClient = fromClient;
        this.fromEngine = fromEngine;
        this.client = client;
        this.engine = engine;
    }

    /** Has the engine do what was asked. Who asked may go away meanwhile, of which the engine learns. */
    void send() throws IOException {
        HttpFlow.write(request.bytes(), engine.out());
        fromClient.carryBody(request, engine.out());
        listen();
    }

    /** Reads the request, and tells nobody. */
    void swallow() throws IOException {
        fromClient.body(request);
        listen();
    }

    private void listen() {
        fromClient.listen(() -> {
            if (waiting.get()) {
                over.countDown();
                FaultProxy.close(engine);
            }
        });
    }

    /** The head of the engine's answer. */
    HttpHead receive() throws IOException {
        return fromEngine.head().orElseThrow(() -> new IOException("the engine hung up"));
    }

    /** Reads the whole answer. */
    byte[] receiveBody(HttpHead answer) throws IOException {
        return answer.isBodiless(request.request()) ? new byte[0] : fromEngine.body(answer);
    }

    /** Tells the client, in the engine's place. */
    void answer(int status, String type, byte[] body) throws IOException {
        String head = "HTTP/1.1 %d Fault\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(status, type, body.length);
        say(head.getBytes(StandardCharsets.ISO_8859_1));
        if (!request.request().startsWith("HEAD ")) {
            say(body);
        }
    }

    /** Says this to the client, whatever it is. */
    void say(byte[] bytes) throws IOException {
        waiting.set(false);
        HttpFlow.write(bytes, client.out());
    }

    /**
     * Tells the client what the engine answers, until its body has so many bytes.
     *
     * @throws EnoughException then
     */
    void pass(long most) throws IOException {
        HttpHead answer = receive();
        say(answer.bytes());
        if (answer.status() == 100) {
            pass(most);
            return;
        }
        WritableByteChannel out = new Measured(client.out(), most);
        if (answer.isHijacked(request.request())) {
            Thread up = FaultProxy.inBackground("hijacked", () -> {
                try {
                    fromClient.carryAll(engine.out());
                    engine.goodbye().run();
                } catch (IOException e) {
                    // The other direction learns it.
                    return;
                }
            });
            fromEngine.carryAll(out);
            client.goodbye().run();
            FaultProxy.join(up);
            throw new EnoughException();
        }
        if (!answer.isBodiless(request.request())) {
            fromEngine.carryBody(answer, out);
        }
    }

    /** Does nothing for so long, or until the script is over, or nobody waits any more. */
    void hang(Duration time) throws IOException {
        FaultProxy.isOver(over, time);
    }

    /** The conversation ends here. */
    static final class EnoughException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Takes so many bytes. */
    private static final class Measured implements WritableByteChannel {
        private final WritableByteChannel to;
        private long left;

        Measured(WritableByteChannel to, long most) {
            this.to = to;
            this.left = most;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            ByteBuffer part = bytes.slice(bytes.position(), (int) Math.min(left, bytes.remaining()));
            int count = part.remaining();
            while (part.hasRemaining()) {
                to.write(part);
            }
            bytes.position(bytes.position() + count);
            left -= count;
            if (bytes.hasRemaining()) {
                throw new EnoughException();
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return to.isOpen();
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
