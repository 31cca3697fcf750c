package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.Uninterrupted;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerFiles;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** What the screens of guests show. A guest has one with the runtime's variable {@code VNC=on}. */
public final class GuestScreen {
    /** Where browsers see it, in the container. */
    public static final Port BROWSER = new Port(6080);

    private static final String FOLDER = "/run/virtainers/";
    private static final String PROGRAM = "/usr/lib/virtainers/join-screen";
    private static final String COMPLAINT = "error: ";

    private final ContainerHost host;

    /** @param host where the containers are; stays the caller's to close */
    public GuestScreen(ContainerHost host) {
        this.host = requireNonNull(host, "host");
    }

    /**
     * Takes a picture of the screen, as PNG.
     *
     * @param machine that runs
     * @throws VirtainerException {@link Failure#NO_SCREEN} with the reason
     */
    public void picture(Vm machine, ContainerFiles.FileReader reader) throws InterruptedException {
        String file = FOLDER + UUID.randomUUID() + ".png";
        ByteArrayOutputStream complaint = new ByteArrayOutputStream();
        int status = host.exec(
                machine.container(),
                List.of("virsh", "--quiet", "screenshot", "vm", file),
                ExecStreams.output(OutputStream.nullOutputStream(), complaint));
        if (status != 0) {
            throw Failure.NO_SCREEN.because("Cannot see the screen of %s on %s: %s."
                    .formatted(machine.name(), host.address(), sentence(complaint, status)));
        }
        try {
            host.readFile(machine.container(), file, reader);
        } finally {
            Uninterrupted.run(() -> host.exec(
                    machine.container(),
                    List.of("rm", "-f", file),
                    ExecStreams.output(OutputStream.nullOutputStream(), OutputStream.nullOutputStream())));
        }
    }

    /**
     * Has a browser's request for the screen's page, or for what that talks over, answered through the container engine,
     * as {@link Tunnel#join} carries bytes.
     *
     * @param machine that runs
     * @throws VirtainerException {@link Failure#CONNECTION_LOST} with the reason
     */
    public void join(Vm machine, InputStream fromBrowser, OutputStream toBrowser) throws InterruptedException {
        new GuestPipe(host, machine, PROGRAM, "the screen").join(fromBrowser, toBrowser);
    }

    private static String sentence(ByteArrayOutputStream complaint, int status) {
        String said =
                ConsoleTail.clean(complaint.toString(StandardCharsets.UTF_8).strip());
        String reason = said.startsWith(COMPLAINT) ? said.substring(COMPLAINT.length()) : said;
        return reason.isEmpty() ? "status " + status : reason;
    }
}
