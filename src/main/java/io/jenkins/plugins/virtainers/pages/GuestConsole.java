package io.jenkins.plugins.virtainers.pages;

import hudson.console.AnnotatedLargeText;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.agent.VirtainerComputer;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerLogs;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.LineReader;
import io.jenkins.plugins.virtainers.fleet.Engines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.framework.io.ByteBuffer;

/** What an agent's guest writes to its console, and its runtime beside it, while it does. */
public class GuestConsole extends GuestPage {
    GuestConsole(VirtainerComputer computer) {
        super(computer, "symbol-terminal");
    }

    @Override
    public String getDisplayName() {
        return "Guest console";
    }

    @Override
    public String getUrlName() {
        return "console";
    }

    /** Serves the page, piece by piece. What a guest writes is text: it is escaped, and colours are dropped. */
    public void doProgressiveHtml(StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, InterruptedException {
        Transcript transcript = new Transcript();
        boolean ended = read(transcript);
        ByteBuffer text = new ByteBuffer();
        text.write(transcript.text.toByteArray());
        new AnnotatedLargeText<>(text, StandardCharsets.UTF_8, ended, getComputer())
                .doProgressiveHtml(request, response);
    }

    /**
     * Reads all that was written so far.
     *
     * @return whether there will be no more
     */
    private boolean read(Transcript transcript) throws InterruptedException {
        VirtainerAgent agent = getComputer().getNode();
        if (agent == null) {
            transcript.line("This agent is gone.");
            return true;
        }
        if (agent.container().isEmpty()) {
            return agent.isRetiring();
        }
        try {
            ContainerHost engine = Engines.get().of(agent.host()).host();
            Optional<Container> container = engine.inspect(agent.container().get());
            if (container.isEmpty()) {
                transcript.line("The machine is gone.");
                return true;
            }
            engine.readLogs(container.get().id(), OptionalInt.empty(), transcript);
            transcript.finish();
            return !container.get().isRunning();
        } catch (VirtainerException e) {
            transcript.line(e.getMessage());
            return true;
        }
    }

    /** Both voices of a container, line by line, made harmless. */
    private static final class Transcript implements ContainerLogs.LogListener {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private final LineReader console = new LineReader(line -> line(ConsoleTail.clean(line)));
        private final LineReader runtime = new LineReader(line -> line(ConsoleTail.clean(line)));

        @Override
        public void stdout(byte[] bytes) {
            console.accept(bytes);
        }

        @Override
        public void stderr(byte[] bytes) {
            runtime.accept(bytes);
        }

        /** The last line has no end yet; it is shown when it has. */
        void finish() {
            runtime.finish();
        }

        void line(String line) {
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            text.writeBytes(bytes);
        }
    }
}
