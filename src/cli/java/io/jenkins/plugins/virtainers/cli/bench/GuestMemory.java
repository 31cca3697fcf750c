package io.jenkins.plugins.virtainers.cli.bench;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.ContainerExecs;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a running guest holds of its host's memory.
 *
 * @param privateBytes that this guest alone has
 * @param sharedBytes that it has in common with others through the page cache, or would
 */
record GuestMemory(long privateBytes, long sharedBytes) {
    private static final String READ = "for process in /proc/[0-9]*; do"
            + " case $(cat $process/comm) in qemu-system*) cat $process/smaps_rollup;; esac; done";
    private static final Pattern FIELD = Pattern.compile("(?m)^(Rss|Private_Clean|Private_Dirty):\\s+(\\d+) kB");

    /** Reads it off QEMU's process, in the guest's container. */
    static GuestMemory of(ContainerExecs host, ContainerId container) throws InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status = host.exec(container, List.of("sh", "-c", READ), ExecStreams.output(said, said));
        String rollup = said.toString(StandardCharsets.UTF_8);
        Matcher field = FIELD.matcher(rollup);
        long resident = 0;
        long own = 0;
        while (field.find()) {
            long bytes = Long.parseLong(field.group(2)) << 10;
            if (field.group(1).equals("Rss")) {
                resident += bytes;
            } else {
                own += bytes;
            }
        }
        if (status != 0 || resident == 0) {
            throw Failure.CONTAINER_ENDED.because("Cannot read the memory of QEMU: " + rollup.strip());
        }
        return new GuestMemory(own, resident - own);
    }
}
