package io.jenkins.plugins.virtainers.agent;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.security.MasterToSlaveCallable;
import jenkins.util.Timer;

/**
 * What a controller has an agent do when it comes online and at the beginning of a build, done before there is a
 * controller: in the Java VM of an agent that is to wait in a memory template, which plays both ends. So all the classes
 * are there, and have run. Leaves nothing but them; asks for no address, and knows no secret.
 */
public final class AgentRehearsal {
    /** What Jenkins asks each agent that comes online. */
    private static final List<String> QUESTIONS = List.of(
            "hudson.slaves.SlaveComputer$SlaveVersion",
            "hudson.slaves.SlaveComputer$CommunicationProtocol",
            "hudson.slaves.SlaveComputer$DetectOS",
            "hudson.slaves.SlaveComputer$DetectDefaultCharset",
            "hudson.slaves.SlaveComputer$SlaveInitializer",
            "hudson.slaves.ChannelPinger$SetUpRemotePing",
            "jenkins.slaves.StandardOutputSwapper$ChannelSwapper",
            "jenkins.util.SystemProperties$AgentCopier$CopySystemProperties",
            "hudson.slaves.SlaveComputer$ListFullEnvironment",
            "hudson.model.Computer$GetFallbackName");

    /** What an agent comes to need besides, and what these need in turn. */
    private static final List<String> TYPES = List.of(
            "hudson.AbortException",
            "hudson.model.BuildListener",
            "hudson.remoting.RemoteInputStream",
            "hudson.remoting.RemoteInputStream$Flag",
            "hudson.remoting.RemoteInputStream$Greedy",
            "hudson.remoting.UserRequest$ExceptionResponse",
            "hudson.security.ACL",
            "hudson.security.ACLContext",
            "hudson.slaves.ChannelPinger",
            "hudson.slaves.OfflineCause$ChannelTermination",
            "jenkins.security.ImpersonatingScheduledExecutorService",
            "jenkins.security.NonSerializableSecurityContext",
            "jenkins.tasks.filters.EnvVarsFilterException",
            "jenkins.tasks.filters.EnvVarsFilterGlobalRule",
            "jenkins.tasks.filters.EnvVarsFilterRuleContext",
            "org.apache.commons.io.output.ClosedOutputStream",
            "org.apache.commons.io.output.CountingOutputStream",
            "org.apache.commons.io.output.WriterOutputStream",
            "org.springframework.security.core.context.SecurityContextHolder",
            "org.springframework.security.core.context.SecurityContextImpl");

    private static final int SOME_NUMBER = 256;

    private AgentRehearsal() {}

    /** Has an agent load classes of its controller's, beside whatever else it does. */
    static final class Loading extends MasterToSlaveCallable<Void, RuntimeException> {
        private static final long serialVersionUID = 1;

        private final ArrayList<String> types;

        Loading(List<String> types) {
            this.types = new ArrayList<>(types);
        }

        @Override
        public Void call() {
            // This class is the agent's own; that one is of the call.
            ClassLoader controllers = Thread.currentThread().getContextClassLoader();
            for (String type : types) {
                try {
                    Class.forName(type, true, controllers);
                } catch (ClassNotFoundException | LinkageError e) {
                    // Whoever needs it meets this too, and says so.
                    Logger.getLogger(Loading.class.getName()).log(Level.FINE, type, e);
                }
            }
            return null;
        }
    }

    /**
     * @param agent leads to the agent
     * @throws IOException when the agent is another than this was written for, among other causes; it then waits as it is
     */
    public static void rehearse(VirtualChannel agent) throws IOException, InterruptedException {
        for (String question : QUESTIONS) {
            ask(agent, question);
        }
        for (String type : TYPES) {
            load(type);
        }
        agent.call(new Loading(List.of("java.lang.Object")));
        Timer.get();
        callNative();
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
        if (script.exists()
                && !workspace.createTextTempFile("jenkins", ".sh", "true\n").isDirectory()) {
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
            agent.call((Callable<?, ?>) made.newInstance(argumentsOf(made)));
        } catch (ReflectiveOperationException e) {
            notRehearsed(e);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(question, e);
        }
    }

    private static Object[] argumentsOf(Constructor<?> made) throws ReflectiveOperationException {
        List<Object> arguments = new ArrayList<>();
        for (Class<?> type : made.getParameterTypes()) {
            if (type == int.class) {
                arguments.add(SOME_NUMBER);
            } else if (type == Map.class) {
                arguments.add(new HashMap<>());
            } else {
                throw new NoSuchMethodException(made.toString());
            }
        }
        return arguments.toArray();
    }

    /** An agent that is talked to over its standard output has it moved, by a call of the C library. */
    private static void callNative() {
        try {
            Class<?> library = Class.forName("hudson.util.jna.GNUCLibrary");
            library.getMethod("getpid").invoke(library.getField("LIBC").get(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            notRehearsed(e);
        }
    }

    private static void load(String type) {
        try {
            Class.forName(type);
        } catch (ClassNotFoundException | LinkageError e) {
            notRehearsed(e);
        }
    }

    private static void notRehearsed(Throwable thrown) {
        System.err.println("Not rehearsed: " + thrown);
    }
}
