package io.jenkins.plugins.virtainers;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.remoting.Callable;
import hudson.remoting.VirtualChannel;
import hudson.util.StreamTaskListener;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a controller has an agent do when it comes online and at the beginning of a build, done before there is a
 * controller: in the Java VM of an agent that is to wait in a memory template, which plays both ends. So all the classes
 * are there, and have run. Leaves nothing but them; draws nothing, asks for no address, and knows no secret.
 */
public final class AgentRehearsal {
    /** What Jenkins asks each agent that comes online; without arguments, or with a number. */
    private static final List<String> QUESTIONS = List.of(
            "hudson.slaves.SlaveComputer$SlaveVersion",
            "hudson.slaves.SlaveComputer$CommunicationProtocol",
            "hudson.slaves.SlaveComputer$DetectOS",
            "hudson.slaves.SlaveComputer$DetectDefaultCharset",
            "hudson.slaves.SlaveComputer$SlaveInitializer",
            "hudson.slaves.SlaveComputer$ListFullEnvironment",
            "hudson.model.Computer$GetFallbackName");

    private static final int SOME_NUMBER = 256;

    private AgentRehearsal() {}

    /**
     * @param agent leads to the agent
     * @throws IOException when the agent is another than this was written for, among other causes; it then waits as it is
     */
    public static void rehearse(VirtualChannel agent) throws IOException, InterruptedException {
        for (String question : QUESTIONS) {
            ask(agent, question);
        }
        EnvVars.getRemote(agent);
        FilePath workspace = new FilePath(agent, "rehearsal");
        try {
            work(agent, workspace);
        } finally {
            workspace.deleteRecursive();
        }
    }

    private static void work(VirtualChannel agent, FilePath workspace) throws IOException, InterruptedException {
        workspace.mkdirs();
        FilePath script = workspace.child("script.sh");
        script.write("true\n", "UTF-8");
        if (script.exists()) {
            script.readToString();
        }
        try (StreamTaskListener log = new StreamTaskListener(OutputStream.nullOutputStream(), StandardCharsets.UTF_8)) {
            new Launcher.RemoteLauncher(log, agent, true)
                    .launch()
                    .cmds("sh", "-xe", script.getRemote())
                    .pwd(workspace)
                    .stdout(log)
                    .join();
        }
    }

    /** They are Jenkins' own; what another version does not have is not asked. */
    private static void ask(VirtualChannel agent, String question) throws IOException, InterruptedException {
        try {
            Constructor<?> made = Class.forName(question).getDeclaredConstructors()[0];
            made.setAccessible(true);
            Object asked = made.getParameterCount() == 0 ? made.newInstance() : made.newInstance(SOME_NUMBER);
            agent.call((Callable<?, ?>) asked);
        } catch (ReflectiveOperationException e) {
            System.err.println("Not rehearsed: " + e);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(question, e);
        }
    }
}
