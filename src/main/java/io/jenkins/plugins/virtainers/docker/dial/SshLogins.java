package io.jenkins.plugins.virtainers.docker.dial;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnector;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine behind SSH, reached without any command or configuration of this machine: by a key and a host key that are
 * known. A login carries several connections; there are as many logins as that takes.
 */
public final class SshLogins implements Dialer {
    /** A server of OpenSSH takes ten on a login (MaxSessions of sshd_config(5)), and others may take less. */
    private static final int CONNECTIONS_EACH = 8;

    private static final Duration LOGIN = Duration.ofSeconds(30);

    private final SshAddress address;
    private final SshLogin how;
    private final GuestConnector connector;
    private final List<Login> logins = new ArrayList<>();
    private boolean closed;

    /**
     * Logs in nowhere yet.
     *
     * @param connector logs in; stays the caller's to close
     */
    public SshLogins(SshAddress address, SshLogin how, GuestConnector connector) {
        this.address = address;
        this.how = how;
        this.connector = connector;
    }

    private static final class Login {
        final GuestConnection connection;
        int carries;

        Login(GuestConnection connection) {
            this.connection = connection;
        }
    }

    @Override
    public void carry(InputStream fromClient, OutputStream toClient) throws IOException, InterruptedException {
        ByteArrayOutputStream complaint = new ByteArrayOutputStream();
        Counting answer = new Counting(toClient);
        Login login = login();
        boolean lost = true;
        try {
            GuestExit exit = login.connection.run(
                    EngineThere.commandLine(address), ExecStreams.of(fromClient, answer, complaint));
            lost = false;
            if (!exit.equals(GuestExit.ofStatus(0)) && answer.count == 0) {
                throw new IOException("%s says \"%s\". Does docker version work there for %s"
                        .formatted(
                                address.host(),
                                complaint
                                        .toString(StandardCharsets.UTF_8)
                                        .strip()
                                        .replaceAll("\\s*\n\\s*", " / "),
                                how.user()));
            }
        } catch (VirtainerException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            giveBack(login, lost);
        }
    }

    private synchronized Login login() throws IOException, InterruptedException {
        if (closed) {
            throw new IOException("closed");
        }
        for (Login login : logins) {
            if (login.carries < CONNECTIONS_EACH) {
                login.carries++;
                return login;
            }
        }
        Login login = new Login(logIn());
        login.carries = 1;
        logins.add(login);
        return login;
    }

    private GuestConnection logIn() throws IOException, InterruptedException {
        Way way = Way.at(new Endpoint(
                address.host(),
                address.port().isPresent() ? new Port(address.port().getAsInt()) : Port.SSH));
        try {
            return connector.connect(way, how.hostKey(), how.user(), how.key(), LOGIN);
        } catch (VirtainerException e) {
            throw new IOException(sentence(e), e);
        }
    }

    /** The connector speaks of guests. */
    private String sentence(VirtainerException e) {
        if (e.failure() == Failure.LOGIN_REFUSED) {
            return "%s does not let %s in with that key. Is its public half in authorized_keys there"
                    .formatted(address.host(), how.user());
        }
        if (e.failure() == Failure.WRONG_HOST_KEY) {
            return "%s does not show the host key that was given, which has the fingerprint %s. Something else answers there, or it has a new one"
                    .formatted(address.host(), how.hostKey().fingerprint());
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return "the login by SSH failed (%s). Is the address right".formatted(cause.getMessage());
    }

    private synchronized void giveBack(Login login, boolean lost) {
        login.carries--;
        boolean spare = logins.size() > 1;
        if (lost || (login.carries == 0 && spare)) {
            logins.remove(login);
        }
        if (login.carries == 0 && !logins.contains(login)) {
            login.connection.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        logins.forEach(login -> login.connection.close());
        logins.clear();
    }

    /** Counts what passes. */
    private static final class Counting extends FilterOutputStream {
        long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }
}
