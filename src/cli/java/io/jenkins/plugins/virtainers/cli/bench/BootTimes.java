package io.jenkins.plugins.virtainers.cli.bench;

import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Divides one boot into steps, by the events of the runtime and the clock of this process. */
final class BootTimes implements Progress {
    private static final Pattern KERNEL = Pattern.compile("kernel ([0-9]+(?:\\.[0-9]+)?) s.*");
    private static final Pattern TEMPLATE = Pattern.compile("restore: template ([0-9a-f]+)");

    private final Progress listener;
    private final long began = System.nanoTime();
    private final Map<String, Duration> events = new LinkedHashMap<>();
    private Optional<Duration> kernel = Optional.empty();
    private Optional<String> template = Optional.empty();
    private Duration entrypointAt = Duration.ZERO;
    private Duration total = Duration.ZERO;

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
        Matcher kernelMatcher = KERNEL.matcher(event.text());
        if (event.is("userspace") && kernelMatcher.matches()) {
            kernel = Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(kernelMatcher.group(1)) * 1000)));
        }
        Matcher templateMatcher = TEMPLATE.matcher(event.text());
        if (event.is("rung") && templateMatcher.matches()) {
            template = Optional.of(templateMatcher.group(1));
        }
    }

    /** The login has just succeeded. */
    synchronized void loggedIn() {
        total = sinceBegin();
    }

    /** From the request to the login. */
    synchronized Duration total() {
        return total;
    }

    /** From the start of the entrypoint to the SSH banner, by the runtime's clock. */
    synchronized Duration banner() {
        return at("ready");
    }

    /** The template that the guest was restored from. */
    synchronized Optional<String> template() {
        return template;
    }

    /** The steps of a boot that has ended with a login. */
    synchronized Map<String, Duration> steps() {
        Map<String, Duration> steps = new LinkedHashMap<>();
        steps.put("container", entrypointAt);
        steps.put("runtime", at("qemu"));
        if (events.containsKey("restored")) {
            steps.put("load", at("restored").minus(at("qemu")));
            steps.put("identity", at("provisioned").minus(at("restored")));
            steps.put("sshd", at("ready").minus(at("provisioned")));
        } else if (events.containsKey("userspace") && events.containsKey("provisioned") && kernel.isPresent()) {
            steps.put("firmware", at("userspace").minus(at("qemu")).minus(kernel.get()));
            steps.put("kernel", kernel.get());
            steps.put("userspace", at("provisioned").minus(at("userspace")));
            steps.put("sshd", at("ready").minus(at("provisioned")));
        } else {
            steps.put("guest", at("ready").minus(at("qemu")));
        }
        steps.put("login", total.minus(entrypointAt).minus(at("ready")));
        return steps;
    }

    private Duration at(String event) {
        return events.getOrDefault(event, Duration.ZERO);
    }

    private Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
