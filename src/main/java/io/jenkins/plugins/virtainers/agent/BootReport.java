package io.jenkins.plugins.virtainers.agent;

import hudson.model.TaskListener;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.LineReader;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import io.jenkins.plugins.virtainers.waiting.BuildLogs;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells how an agent's boot goes: everything to the agent's log, the steps to the build that waits for it, and keeps the
 * time.
 */
final class BootReport implements Progress, AutoCloseable {
    /** Events of the runtime that begin a part of the boot which takes time. */
    private static final Set<String> PARTS = Set.of("qemu", "userspace", "provisioned");

    /** As the runtime says it (docs/runtime-contract.md). */
    private static final String AGENT_WAITS = ", in which the agent waits";

    private final TaskListener agentLog;
    private final Optional<BuildLogs.Follower> build;
    private final long begin = System.nanoTime();
    private final List<BootStep> steps = new ArrayList<>();
    private boolean agentWaits;
    private String step = "";
    private Duration stepBegan = Duration.ZERO;

    BootReport(VirtainerAgent agent, TaskListener agentLog) {
        this.agentLog = agentLog;
        this.build = agent.wasEverOnline()
                ? Optional.empty()
                : BuildLogs.get()
                        .follow(
                                agent::serves,
                                "Agent %s is made for this build: %s on %s"
                                        .formatted(agent.getNodeName(), agent.getImage(), agent.getHostUri()));
    }

    @Override
    public synchronized void step(String sentence) {
        begin(sentence);
        toAll(sentence);
    }

    @Override
    public void detail(String line) {
        toAgent("  " + ConsoleTail.clean(line));
    }

    @Override
    public synchronized void event(RuntimeEvent event) {
        if (PARTS.contains(event.name())) {
            begin(nameOf(event));
        }
        agentWaits |= event.is("rung") && event.text().endsWith(AGENT_WAITS);
        String line = event.name() + ": " + ConsoleTail.clean(event.text());
        if (event.is("warning") || event.is("accel") || event.is("ready")) {
            toAll("  " + line);
        } else {
            toAgent("  " + line);
        }
    }

    /** Whether the guest was restored from a template in which its agent waits to be joined. */
    synchronized boolean agentWaits() {
        return agentWaits;
    }

    private static String nameOf(RuntimeEvent event) {
        return switch (event.name()) {
            case "qemu" -> "Guest's kernel";
            case "userspace" -> "Guest's services";
            default -> "Guest's SSH server";
        };
    }

    @Override
    public void console(String line) {
        // In the agent's log, where nobody takes it for ours: indented and marked.
        agentLog.getLogger().println("    | " + line);
    }

    /** What a program in the guest writes, for the agent's log. Close it to see its last line. */
    OutputStream output() {
        LineReader lines = new LineReader(line -> console(ConsoleTail.clean(line)));
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                byte[] part = new byte[length];
                System.arraycopy(bytes, offset, part, 0, length);
                lines.accept(part);
            }

            @Override
            public synchronized void close() {
                lines.finish();
            }
        };
    }

    void say(String sentence) {
        toAgent(sentence);
    }

    synchronized void done() {
        begin("");
        toAll("The agent is ready, %s after its launch began".formatted(seconds(sinceBegin())));
    }

    /** The last that is heard of it. */
    void failed(String sentence) {
        build.ifPresent(follower -> follower.tell(sentence));
    }

    synchronized List<BootStep> steps() {
        return List.copyOf(steps);
    }

    @Override
    public void close() {
        build.ifPresent(BuildLogs.Follower::leave);
    }

    private void begin(String next) {
        Duration now = sinceBegin();
        if (!step.isEmpty()) {
            steps.add(new BootStep(
                    step, stepBegan.toMillis(), now.minus(stepBegan).toMillis()));
        }
        step = next;
        stepBegan = now;
    }

    private Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void toAll(String sentence) {
        toAgent(sentence);
        build.ifPresent(follower -> follower.tell("+%s %s".formatted(seconds(sinceBegin()), sentence)));
    }

    private void toAgent(String sentence) {
        agentLog.getLogger().println("+%s %s".formatted(seconds(sinceBegin()), sentence));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
