package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.Progress;
import io.jenkins.plugins.virtainers.engine.RuntimeEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Divides one boot into steps, by the events of the runtime and the clock of this process. */
final class BootTimes implements Progress {
    private static final Pattern KERNEL = Pattern.compile("kernel ([0-9]+(?:\\.[0-9]+)?) s.*");

    private final Progress listener;
    private final long began = System.nanoTime();
    private final Map<String, Duration> events = new LinkedHashMap<>();
    private Optional<Duration> kernel = Optional.empty();
    private Duration entrypointAt = Duration.ZERO;

    /** @param listener is told everything too */
    BootTimes(Progress listener) {
        this.listener = listener;
    }

    @Override
    public void step(String sentence) {
        listener.step(sentence);
    }

    @Override
    public void detail(String line) {
        listener.detail(line);
    }

    @Override
    public void console(String line) {
        listener.console(line);
    }

    @Override
    public synchronized void event(RuntimeEvent event) {
        listener.event(event);
        if (events.isEmpty()) {
            // Heard when the runtime said it: from here on its own clock is as good as ours.
            entrypointAt = sinceBegin().minus(event.at());
        }
        events.put(event.name(), event.at());
        Matcher matcher = KERNEL.matcher(event.text());
        if (event.is("userspace") && matcher.matches()) {
            kernel = Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * 1000)));
        }
    }

    /** The steps of a boot that has just ended with a login. */
    synchronized Map<String, Duration> steps() {
        Duration total = sinceBegin();
        Map<String, Duration> steps = new LinkedHashMap<>();
        Duration qemu = events.getOrDefault("qemu", Duration.ZERO);
        Duration ready = events.getOrDefault("ready", Duration.ZERO);
        steps.put("container", entrypointAt.plus(qemu));
        Duration userspace = events.get("userspace");
        Duration provisioned = events.get("provisioned");
        if (userspace != null && provisioned != null && kernel.isPresent()) {
            steps.put("firmware", userspace.minus(qemu).minus(kernel.get()));
            steps.put("kernel", kernel.get());
            steps.put("userspace", provisioned.minus(userspace));
            steps.put("sshd", ready.minus(provisioned));
        } else {
            steps.put("guest", ready.minus(qemu));
        }
        steps.put("key exchange", total.minus(entrypointAt).minus(ready));
        steps.put("total", total);
        return steps;
    }

    private Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
