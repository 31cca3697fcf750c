package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Computer;
import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.queue.QueueListener;
import hudson.slaves.ComputerListener;
import hudson.tasks.Shell;
import io.jenkins.plugins.virtainers.agent.BootStep;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.agent.VirtainerComputer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import jenkins.model.NodeListener;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * How long a build waits for its machine, by part, from the moment that it enters the queue to the first line of its first
 * shell step: median and worst, for each way that a machine comes up. No test that anything is fast; docs/performance.md
 * says how to run it. Draws the medians, as target/queue-freestyle.svg and target/queue-pipeline.svg.
 */
@WithJenkins
class QueueBench {
    private static final int RUNS = Integer.getInteger("virtainers.bench.runs", 20);
    private static final int RUNS_OF_OTHER_WAYS = Integer.getInteger("virtainers.bench.others", 5);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String FIRST = "first line";
    private static final String DATA = """
            #cloud-config
            packages: [figlet]
            write_files:
              - path: /etc/systemd/system/counts.service
                content: |
                  [Service]
                  ExecStart=/bin/sh -c 'while sleep 1; do echo tick; done'
            runcmd:
              - [systemctl, start, counts]
            """;

    @TempDir
    static Path images;

    private static StockImage stock;

    private JenkinsRule jenkins;
    private String uri;
    private VirtainerCloud cloud;
    private VirtainerTemplate template;
    private int builds;

    /** How a machine comes up. */
    private enum Way {
        WAITING("the agent waits in the template"),
        USER_DATA("so, and user data has installed a package and started a service"),
        STOCK("so, in a distribution's image"),
        RESTORED("the agent starts in a restored guest"),
        COLD("a guest that boots with cloud-init");

        private final String text;

        Way(String text) {
            this.text = text;
        }

        void configure(VirtainerTemplate template) {
            agent(template, agent -> agent.setInTemplate(this != RESTORED && this != COLD));
            boot(template, boot -> {
                boot.setUserData(this == USER_DATA ? DATA : null);
                boot.setMode(this == COLD ? "cold" : null);
            });
        }

        int runs() {
            return this == WAITING ? RUNS : RUNS_OF_OTHER_WAYS;
        }

        static Set<Way> asked() {
            return Arrays.stream(System.getProperty("virtainers.bench.ways", "waiting,restored,cold")
                            .split(","))
                    .map(word -> valueOf(word.strip().toUpperCase(Locale.ROOT).replace('-', '_')))
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(Way.class)));
        }
    }

    @BeforeEach
    void setUp(JenkinsRule rule) throws Exception {
        jenkins = rule;
        jenkins.timeout = 0;
        uri = RealGuests.uri();
        cloud = RealGuests.cloud(uri);
        template = cloud.getTemplates().get(0);
        jenkins.jenkins.clouds.add(cloud);
    }

    @AfterEach
    void nothingIsLeft() {
        if (uri != null) {
            RealGuests.awaitNothingLeft(uri, LONG);
        }
    }

    private static VirtainerTemplate stockTemplate() throws Exception {
        if (stock == null) {
            stock = new StockImage(images.resolve("stock.qcow2"), List.of("bullseye"));
            stock.serve();
        }
        return stock.template("vm");
    }

    @AfterAll
    static void closeStock() {
        if (stock != null) {
            stock.close();
        }
    }

    @Test
    void freestyle() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedLabel(Label.get("vm"));
        job.getBuildersList().add(new Shell("echo " + FIRST));
        measure("freestyle", job, () -> job.scheduleBuild2(0));
    }

    @Test
    void pipeline() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("node('vm') { sh 'echo " + FIRST + "' }", true));
        measure("pipeline", job, () -> job.scheduleBuild2(0));
    }

    private void measure(String kind, Job<?, ?> job, Callable<?> schedule) throws Exception {
        QueuePicture picture = new QueuePicture("From the queue to the first line: " + kind);
        for (Way way : Way.asked()) {
            if (way.runs() > 0) {
                VirtainerTemplate chosen = way == Way.STOCK ? stockTemplate() : template;
                way.configure(chosen);
                cloud.setTemplates(List.of(chosen));
                picture.add(way.text, measure(kind, way, job, schedule));
            }
        }
        picture.write(Path.of("target", "queue-" + kind + ".svg"));
        assertEquals(builds, Moments.get().nodes.get(), "each build has one node");
    }

    /** The median of each part, in milliseconds. */
    private Map<String, Long> measure(String kind, Way way, Job<?, ?> job, Callable<?> schedule) throws Exception {
        if (way != Way.COLD) {
            // The first guest has the template made that the others are restored from.
            System.err.printf(
                    "%n%s, %s, the first build, which finds no template: %d milliseconds%n",
                    kind, way.text, once(job, schedule).get(QueuePicture.TOTAL));
            RealGuests.awaitTemplate(uri, LONG.multipliedBy(2));
        }
        Map<String, List<Long>> parts = new LinkedHashMap<>();
        for (int run = 0; run < way.runs(); run++) {
            once(job, schedule)
                    .forEach((part, millis) -> parts.computeIfAbsent(part, any -> new ArrayList<>())
                            .add(millis));
        }
        StringBuilder table = new StringBuilder("%n%s, %s, %d builds, milliseconds%n%-42s %8s %8s%n"
                .formatted(kind, way.text, way.runs(), "part", "median", "worst"));
        Map<String, Long> medians = new LinkedHashMap<>();
        parts.forEach((part, millis) -> {
            List<Long> sorted = millis.stream().sorted().toList();
            int middle = sorted.size() / 2;
            long median =
                    sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
            medians.put(part, median);
            table.append("%-42s %8d %8d%n".formatted(part, median, sorted.get(sorted.size() - 1)));
        });
        System.err.println(table);
        return medians;
    }

    /** One build; what each part of its wait took. */
    private Map<String, Long> once(Job<?, ?> job, Callable<?> schedule) throws Exception {
        Moments moments = Moments.get();
        moments.reset();
        int number = job.getNextBuildNumber();
        builds++;
        schedule.call();
        await("the first line")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO)
                .until(() -> {
                    Run<?, ?> build = job.getBuildByNumber(number);
                    return build != null && JenkinsRule.getLog(build).contains("\n" + FIRST);
                });
        long end = System.currentTimeMillis();
        long queued = moments.at("queued");
        long node = moments.at("node");
        long launch = moments.at("launch");
        long online = moments.at("online");
        Map<String, Long> took = new LinkedHashMap<>();
        took.put("Jenkins: queue to node", node - queued);
        took.put("Jenkins: node to launcher", launch - node);
        Run<?, ?> build = Objects.requireNonNull(job.getBuildByNumber(number));
        jenkins.waitForCompletion(build);
        jenkins.assertBuildStatusSuccess(build);
        List<BootStep> steps = moments.steps();
        for (int step = 0; step < steps.size(); step++) {
            long until = step + 1 < steps.size() ? steps.get(step + 1).getAtMillis() : online - launch;
            took.put(
                    steps.get(step).getName().split(" [^ ]*[-:./]", 2)[0],
                    until - steps.get(step).getAtMillis());
        }
        if (took.containsKey("Starting the agent") && template.agent().isInTemplate()) {
            System.err.println("No agent was joined, although one waits in templates:\n" + moments.log());
        }
        took.put("Jenkins: agent to first line", end - online);
        took.put(QueuePicture.TOTAL, end - queued);
        RealGuests.awaitNothingLeft(uri, LONG);
        return took;
    }

    /** When what happened. */
    @TestExtension
    public static class Moments extends ComputerListener {
        private final Map<String, Long> moments = new ConcurrentHashMap<>();
        private final AtomicInteger nodes = new AtomicInteger();
        private volatile VirtainerAgent agent;
        private volatile String log = "";

        static Moments get() {
            return Objects.requireNonNull(ComputerListener.all().get(Moments.class));
        }

        void reset() {
            moments.clear();
        }

        void note(String what) {
            moments.putIfAbsent(what, System.currentTimeMillis());
        }

        long at(String what) {
            return Objects.requireNonNull(moments.get(what), what);
        }

        /** What the agent's log said when it came online. */
        String log() {
            return log;
        }

        List<BootStep> steps() {
            await("the launch's end")
                    .atMost(LONG)
                    .until(() -> !agent.bootSteps().isEmpty());
            return agent.bootSteps();
        }

        @Override
        public void preLaunch(Computer computer, TaskListener listener) {
            if (computer instanceof VirtainerComputer virtainer) {
                agent = virtainer.getNode();
                note("launch");
            }
        }

        @Override
        public void onOnline(Computer computer, TaskListener listener) throws IOException {
            if (computer instanceof VirtainerComputer) {
                note("online");
                log = computer.getLog();
            }
        }
    }

    /** When a build asks for an executor. */
    @TestExtension
    public static class Entered extends QueueListener {
        @Override
        public void onEnterWaiting(Queue.WaitingItem item) {
            // A pipeline as a whole wants none of ours; its node step does.
            if (Label.get("vm").equals(item.getAssignedLabel())) {
                Moments.get().note("queued");
            }
        }
    }

    /** When it has a node. */
    @TestExtension
    public static class Created extends NodeListener {
        @Override
        protected void onCreated(Node node) {
            Moments.get().nodes.incrementAndGet();
            Moments.get().note("node");
        }
    }
}
