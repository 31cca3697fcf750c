package io.jenkins.plugins.virtainers.engine.host;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the engine relies on of commands in containers. */
interface ContainerExecsContract extends HostUnderTest {
    long SECONDS = 60;

    /** What a command leaves that was hung up on. */
    String HUNG_UP = "/tmp/hung-up";

    @Test
    default void runsACommandBesideTheGuest() throws Exception {
        ContainerId container = liars().create("idle", "x");
        host().start(container);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = host().exec(container, List.of("/liar", "speak"), ExecStreams.output(out, err));
        assertEquals(5, status, () -> out + "\n" + err);
        assertEquals("out\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("err\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    default void carriesBytesBothWaysAsTheyCame() throws Exception {
        byte[] bytes = random(8_000_001);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = host().exec(running(), echo(bytes), ExecStreams.of(new ByteArrayInputStream(bytes), out, err));
        assertEquals(0, status, err.toString(StandardCharsets.UTF_8));
        assertArrayEquals(bytes, out.toByteArray());
    }

    @Test
    default void holdsBackWhoSendsMoreThanIsRead() throws Exception {
        byte[] bytes = random(32 << 20);
        CountingStream in = new CountingStream(bytes);
        CountDownLatch mayWrite = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] some, int offset, int length) {
                assertDoesNotThrow(() -> mayWrite.await());
                super.write(some, offset, length);
            }
        };
        ContainerId container = running();
        Exec exec = new Exec(
                () -> host().exec(container, echo(bytes), ExecStreams.of(in, out, OutputStream.nullOutputStream())));
        AtomicLong before = new AtomicLong();
        await().atMost(Duration.ofSeconds(SECONDS))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    long now = in.handedOut();
                    return now > 0 && before.getAndSet(now) == now;
                });
        assertTrue(in.handedOut() < bytes.length, "all was taken, and nobody read it");
        mayWrite.countDown();
        assertEquals(0, exec.status());
        assertArrayEquals(bytes, out.toByteArray());
    }

    @Test
    default void hangsUpOnACommandWhenItsCallerIsInterrupted() throws Exception {
        ContainerId container = running();
        try (PipedOutputStream openEnd = new PipedOutputStream();
                Exec exec = waiting(container, new PipedInputStream(openEnd))) {
            exec.interrupt();
            assertThrows(InterruptedException.class, exec::status);
        }
        await("the command's end")
                .atMost(Duration.ofSeconds(SECONDS))
                .until(() -> 0
                        == host().exec(
                                        container,
                                        List.of("/liar", "modified", HUNG_UP),
                                        ExecStreams.output(
                                                OutputStream.nullOutputStream(), OutputStream.nullOutputStream())));
    }

    @Test
    default void isSilentWhenItsCallerIsInterruptedWhileItSends() throws Exception {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        try (Exec exec = waiting(running(), new EndlessStream())) {
            exec.interrupt();
            assertThrows(InterruptedException.class, exec::status);
            await("nothing").during(Duration.ofSeconds(1)).until(uncaught::isEmpty);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    default void endsACommandWithItsContainer() throws Exception {
        ContainerId container = running();
        try (PipedOutputStream openEnd = new PipedOutputStream();
                Exec exec = waiting(container, new PipedInputStream(openEnd))) {
            host().remove(container);
            exec.awaitEnd();
        }
    }

    @Test
    default void runsNothingInAContainerThatIsGone() throws Exception {
        ContainerId container = running();
        host().remove(container);
        assertThrows(
                VirtainerException.class,
                () -> host().exec(
                                container,
                                List.of("/liar", "speak"),
                                ExecStreams.output(OutputStream.nullOutputStream(), OutputStream.nullOutputStream())));
    }

    private ContainerId running() throws Exception {
        ContainerId container = liars().create("idle", "x");
        host().start(container);
        return container;
    }

    private Exec waiting(ContainerId container, InputStream in) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Exec exec = new Exec(() -> host().exec(
                        container,
                        List.of("/liar", "wait", HUNG_UP),
                        ExecStreams.of(in, out, OutputStream.nullOutputStream())));
        await().atMost(Duration.ofSeconds(SECONDS))
                .until(() -> out.toString(StandardCharsets.UTF_8).equals("waiting\n"));
        return exec;
    }

    private static List<String> echo(byte[] bytes) {
        return List.of("/liar", "echo", Integer.toString(bytes.length));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(11).nextBytes(bytes);
        return bytes;
    }

    /** Knows how much of it was read. */
    final class CountingStream extends ByteArrayInputStream {
        CountingStream(byte[] bytes) {
            super(bytes);
        }

        synchronized long handedOut() {
            return pos;
        }
    }

    /** Zeros. */
    final class EndlessStream extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return length;
        }
    }

    /** A command that runs beside the test. */
    final class Exec implements AutoCloseable {
        private final FutureTask<Integer> call;
        private final Thread thread;

        Exec(Callable<Integer> call) {
            this.call = new FutureTask<>(call);
            this.thread = new Thread(this.call, "exec");
            thread.setDaemon(true);
            thread.start();
        }

        void interrupt() {
            thread.interrupt();
        }

        int status() throws Exception {
            try {
                return call.get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            }
        }

        /** Whichever way. */
        void awaitEnd() {
            await("the command's end").atMost(Duration.ofSeconds(SECONDS)).until(call::isDone);
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
