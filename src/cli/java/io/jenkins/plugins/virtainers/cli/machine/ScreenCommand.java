package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestScreen;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The screen of a machine for a browser here, through the container engine. */
@Command(
        name = "screen",
        description =
                "Show the screen of a machine to browsers of this computer, through the container engine, until it is"
                        + " interrupted: for where the address that run prints cannot be reached. The machine was run with --vnc.",
        footer = {"", "Example:", "  virtainer screen desk --port 6080"})
public final class ScreenCommand implements Callable<Integer> {
    private static final Logger LOGGER = Logger.getLogger(ScreenCommand.class.getName());

    /** As many as the machine itself takes. */
    private static final int MOST_CONNECTIONS = 64;

    private static final int LARGEST_PORT = 65535;

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    @Option(names = "--port", paramLabel = "PORT", description = "Port of this computer. Default: a free one.")
    private int port;

    public ScreenCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Session session = Session.open(surroundings, common);
                ServerSocket server = listen()) {
            Vm vm = session.running(new VmName(name));
            GuestScreen screen = new GuestScreen(session.host());
            session.screen().done();
            surroundings.output().println("screen   http://127.0.0.1:" + server.getLocalPort() + "/");
            surroundings.output().flush();
            Thread acceptor = new Thread(() -> serve(server, screen, vm), "virtainers-screen");
            acceptor.setDaemon(true);
            acceptor.start();
            // Until somebody interrupts it.
            acceptor.join();
            return 0;
        } catch (IOException e) {
            throw cannotListen(e);
        }
    }

    private ServerSocket listen() {
        if (port < 0 || port > LARGEST_PORT) {
            throw Failure.USAGE.because("Port %d is none of 1 to %d.".formatted(port, LARGEST_PORT));
        }
        try {
            return new ServerSocket(port, MOST_CONNECTIONS, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw cannotListen(e);
        }
    }

    private VirtainerException cannotListen(IOException e) {
        return Failure.PORT_IN_USE.because(
                "Cannot listen at port %d of this computer: %s. Choose another with --port."
                        .formatted(port, e.getMessage()),
                e);
    }

    private static void serve(ServerSocket server, GuestScreen screen, Vm vm) {
        Semaphore places = new Semaphore(MOST_CONNECTIONS);
        ExecutorService connections = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "virtainers-screen-connection");
            thread.setDaemon(true);
            return thread;
        });
        try {
            while (!server.isClosed()) {
                Socket browser = server.accept();
                if (places.tryAcquire()) {
                    connections.execute(() -> {
                        answer(browser, screen, vm);
                        places.release();
                    });
                } else {
                    browser.close();
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Nobody comes any more", e);
        } finally {
            connections.shutdownNow();
        }
    }

    private static void answer(Socket browser, GuestScreen screen, Vm vm) {
        try (browser) {
            screen.join(vm, browser.getInputStream(), browser.getOutputStream());
        } catch (VirtainerException | IOException e) {
            LOGGER.log(Level.WARNING, "{0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
