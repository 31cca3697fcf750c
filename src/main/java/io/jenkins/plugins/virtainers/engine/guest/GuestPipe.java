package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A program in the container of a guest, whose input and output are joined to a client's through the container engine. */
final class GuestPipe {
    private final ContainerHost host;
    private final Vm vm;
    private final String program;
    private final String what;

    /**
     * @param program of the runtime, a path in the container
     * @param what it joins the client to, for people
     */
    GuestPipe(ContainerHost host, Vm vm, String program, String what) {
        this.host = requireNonNull(host, "host");
        this.vm = requireNonNull(vm, "vm");
        this.program = requireNonNull(program, "program");
        this.what = requireNonNull(what, "what");
    }

    /**
     * Carries bytes both ways until one side has no more. The program's word is not waited for once the client has gone.
     *
     * @param fromClient read by another thread, until it ends; whoever closes it frees that thread
     * @param toClient flushed as bytes come; not closed
     * @throws VirtainerException {@link Failure#CONNECTION_LOST} when the program refuses, or what befell the host
     * @throws InterruptedException when interrupted; the server is then hung up on
     */
    void join(InputStream fromClient, OutputStream toClient) throws InterruptedException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        // No engine is told of the input's end, so the call is broken off, which takes a thread of its own.
        Thread carrier = new Thread(() -> carry(new Ending(fromClient, over), toClient, over), "virtainers-pipe");
        carrier.setDaemon(true);
        carrier.start();
        try {
            over.get();
        } catch (ExecutionException e) {
            throw (VirtainerException) e.getCause();
        } finally {
            carrier.interrupt();
        }
    }

    private void carry(InputStream fromClient, OutputStream toClient, CompletableFuture<Void> over) {
        ByteArrayOutputStream complaint = new ByteArrayOutputStream();
        try {
            int status = host.exec(vm.container(), List.of(program), ExecStreams.of(fromClient, toClient, complaint));
            if (status != 0) {
                over.completeExceptionally(refused(complaint, status));
            }
        } catch (VirtainerException e) {
            over.completeExceptionally(e);
        } catch (InterruptedException e) {
            // The client has gone, or whoever asked for the tunnel.
            Thread.currentThread().interrupt();
        } finally {
            over.complete(null);
        }
    }

    private VirtainerException refused(ByteArrayOutputStream complaint, int status) {
        String said =
                ConsoleTail.clean(complaint.toString(StandardCharsets.UTF_8).strip());
        return Failure.CONNECTION_LOST.because("Cannot join %s of %s on %s: %s ended with status %d%s."
                .formatted(
                        what,
                        vm.name(),
                        host.address(),
                        program,
                        status,
                        said.isEmpty() ? ", as in an image that is older than this program" : " (" + said + ")"));
    }

    /** Tells of its end. */
    private static final class Ending extends FilterInputStream {
        private final CompletableFuture<Void> over;

        Ending(InputStream in, CompletableFuture<Void> over) {
            super(in);
            this.over = over;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = -1;
            try {
                read = super.read(bytes, offset, length);
                return read;
            } finally {
                if (read < 0) {
                    over.complete(null);
                }
            }
        }
    }
}
