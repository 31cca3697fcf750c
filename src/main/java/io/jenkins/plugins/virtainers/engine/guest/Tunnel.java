package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Through the container engine, which every client reaches: a program in the guest's container joins its input and output
 * to the guest's SSH server.
 *
 * @param host where the container is; stays the caller's to close
 * @param vm whose guest is ready
 */
public record Tunnel(ContainerHost host, Vm vm) implements Way {
    private static final List<String> PROGRAM = List.of("/usr/lib/virtainers/join-ssh");

    public Tunnel {
        requireNonNull(host, "host");
        requireNonNull(vm, "vm");
    }

    @Override
    public Endpoint endpoint() {
        return new Endpoint(vm.name().value(), Port.SSH);
    }

    /**
     * Carries bytes both ways until one side has no more. The server's word is not waited for once the client has gone.
     *
     * @param fromClient read by another thread, until it ends; whoever closes it frees that thread
     * @param toClient flushed as bytes come; not closed
     * @throws VirtainerException {@link Failure#CONNECTION_LOST} when the guest's SSH server cannot be joined, or what
     *     befell the host
     * @throws InterruptedException when interrupted; the server is then hung up on
     */
    public void join(InputStream fromClient, OutputStream toClient) throws InterruptedException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        // No engine is told of the input's end, so the call is broken off, which takes a thread of its own.
        Thread carrier = new Thread(() -> carry(new Ending(fromClient, over), toClient, over), "virtainers-tunnel");
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
            int status = host.exec(vm.container(), PROGRAM, ExecStreams.of(fromClient, toClient, complaint));
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
        return Failure.CONNECTION_LOST.because("Cannot join the SSH server of %s on %s: %s ended with status %d%s."
                .formatted(
                        vm.name(),
                        host.address(),
                        PROGRAM.get(0),
                        status,
                        said.isEmpty() ? ", as in an image that is older than this program" : " (" + said + ")"));
    }

    @Override
    public String toString() {
        return vm.name() + " through " + host.address();
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
