package io.jenkins.plugins.virtainers.engine.host;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Collects a log, for tests. */
public final class Transcript implements ContainerLogs.LogListener {
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    @Override
    public synchronized void stdout(byte[] bytes) {
        stdout.writeBytes(bytes);
    }

    @Override
    public synchronized void stderr(byte[] bytes) {
        stderr.writeBytes(bytes);
    }

    public synchronized String out() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    public synchronized String err() {
        return stderr.toString(StandardCharsets.UTF_8);
    }
}
