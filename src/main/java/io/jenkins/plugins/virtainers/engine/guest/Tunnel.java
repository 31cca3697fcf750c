package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Through the container engine, which every client reaches: a program in the guest's container joins its input and output
 * to the guest's SSH server.
 *
 * @param host where the container is; stays the caller's to close
 * @param vm whose guest is ready
 */
public record Tunnel(ContainerHost host, Vm vm) implements Way {
    private static final String PROGRAM = "/usr/lib/virtainers/join-ssh";

    public Tunnel {
        requireNonNull(host, "host");
        requireNonNull(vm, "vm");
    }

    @Override
    public Endpoint endpoint() {
        return new Endpoint(vm.name().value(), Port.SSH);
    }

    /**
     * As {@link GuestPipe#join}.
     *
     * @throws VirtainerException {@link Failure#CONNECTION_LOST} when the guest's SSH server cannot be joined, or what
     *     befell the host
     */
    public void join(InputStream fromClient, OutputStream toClient) throws InterruptedException {
        new GuestPipe(host, vm, PROGRAM, "the SSH server").join(fromClient, toClient);
    }

    @Override
    public String toString() {
        return vm.name() + " through " + host.address();
    }
}
