package io.jenkins.plugins.virtainers.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Stands between a client and a real engine, and lets its requests through or not, as a script says. It speaks HTTP/1.1
 * as engines do, with streams that take a connection over. Any number of threads may use it.
 */
public final class FaultProxy implements AutoCloseable {
    private final UnixDomainSocketAddress engine;
    private final String address;
    private final Closeable front;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private FaultProxy(Path engine, String address, Closeable front) {
        this.engine = UnixDomainSocketAddress.of(engine);
        this.address = address;
        this.front = front;
    }

    /** Listens at a socket. */
    public static FaultProxy atSocket(Path socket, Path engine) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return plain(engine, "unix://" + socket, server);
    }

    /** Listens at a port of the loopback interface. */
    public static FaultProxy atPort(Path engine) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return plain(engine, "tcp://127.0.0.1:" + server.socket().getLocalPort(), server);
    }

    private static FaultProxy plain(Path engine, String address, ServerSocketChannel server) {
        FaultProxy proxy = new FaultProxy(engine, address, server);
        inBackground(
                "accepting",
                () -> proxy.accept(() -> {
                    SocketChannel client = server.accept();
                    return () -> proxy.serve(Peer.of(client), () -> Peer.reset(client));
                }));
        return proxy;
    }

    /** Listens at a port of the loopback interface, behind TLS that asks clients for a certificate. */
    public static FaultProxy behindTls(Path engine, TestAuthority authority)
            throws IOException, GeneralSecurityException {
        SSLServerSocket server = authority.listen();
        FaultProxy proxy = new FaultProxy(engine, "tcp://127.0.0.1:" + server.getLocalPort(), server);
        inBackground(
                "accepting",
                () -> proxy.accept(() -> {
                    SSLSocket client = (SSLSocket) server.accept();
                    return () -> proxy.serve(Peer.of(client), client);
                }));
        return proxy;
    }

    /** What a {@code DOCKER_HOST} holds for it. */
    public String address() {
        return address;
    }

    /**
     * Has a request that matches meet a fault, once, when so many others that match have passed.
     *
     * @param request a pattern that its beginning matches, such as {@code POST /containers/create}
     */
    public void later(int others, String request, Fault fault) {
        rules.add(new Rule(Pattern.compile(request), fault, new AtomicInteger(others), new AtomicInteger(1)));
    }

    /** Has each request that matches meet a fault, until {@link #behave}. */
    public void always(String request, Fault fault) {
        rules.add(new Rule(Pattern.compile(request), fault, new AtomicInteger(), new AtomicInteger(Integer.MAX_VALUE)));
    }

    /** From now on nothing happens to requests. */
    public void behave() {
        rules.clear();
    }

    /** Whether all that was to happen once has happened. */
    public boolean isThrough() {
        return rules.stream().noneMatch(rule -> rule.times().get() == 1);
    }

    /** The requests so far, as {@code POST /containers/create?name=web}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** One accepted client's conversation. */
    @FunctionalInterface
    private interface Conversation {
        void run() throws IOException;
    }

    /** Waits for a client. */
    @FunctionalInterface
    private interface Door {
        Conversation next() throws IOException;
    }

    private void accept(Door door) {
        try {
            while (true) {
                Conversation conversation = door.next();
                inBackground("conversation", () -> {
                    try {
                        conversation.run();
                    } catch (IOException e) {
                        // Its end, as the script has it or the client wants it.
                        return;
                    }
                });
            }
        } catch (IOException e) {
            // Closed: the end of the proxy.
            return;
        }
    }

    /** @param reset ends the client's connection so that it notices */
    private void serve(Peer client, Closeable reset) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            keep(client);
            keep(channel);
            try {
                channel.connect(engine);
                converse(client, Peer.of(channel));
            } finally {
                open.remove(client);
                open.remove(channel);
            }
        } finally {
            reset.close();
        }
    }

    private void converse(Peer client, Peer target) throws IOException {
        HttpFlow fromClient = new HttpFlow(client.in());
        HttpFlow fromEngine = new HttpFlow(target.in());
        for (Optional<HttpHead> head = fromClient.head(); head.isPresent(); head = fromClient.head()) {
            String request = head.get().request();
            requests.add(request);
            fault(request).course().meet(new Exchange(head.get(), fromClient, fromEngine, client, target));
        }
    }

    private Fault fault(String request) {
        return rules.stream()
                .filter(rule -> rule.applies(request))
                .findFirst()
                .map(Rule::fault)
                .orElse(Fault.NONE);
    }

    /** Who was let in while this is closed is cut off too. */
    private synchronized void keep(Closeable end) throws IOException {
        open.add(end);
        if (closed.getCount() == 0) {
            close();
        }
    }

    /** Cuts everybody off. */
    @Override
    public synchronized void close() throws IOException {
        closed.countDown();
        front.close();
        for (Closeable end : open) {
            end.close();
        }
        open.clear();
    }

    static void close(Closeable end) {
        try {
            end.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a connection", e);
        }
    }

    /** Waits for an event, as long as that may take. */
    static boolean isOver(CountDownLatch event, Duration longest) throws IOException {
        try {
            return event.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Waits for the end of a thread. */
    static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Work that keeps no test from ending. */
    static Thread inBackground(String what, Runnable work) {
        Thread thread = new Thread(work, "fault-proxy-" + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private record Rule(Pattern request, Fault fault, AtomicInteger others, AtomicInteger times) {
        boolean applies(String given) {
            return request.matcher(given).lookingAt()
                    && others.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                    && times.getAndUpdate(left -> left == Integer.MAX_VALUE ? left : Math.max(0, left - 1)) > 0;
        }
    }
}
