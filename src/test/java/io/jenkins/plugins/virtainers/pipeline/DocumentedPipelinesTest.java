package io.jenkins.plugins.virtainers.pipeline;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.util.Secret;
import io.jenkins.plugins.virtainers.PipelinePolicy;
import io.jenkins.plugins.virtainers.PipelineTemplates;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Every pipeline of README and docs/pipeline.md, as it stands there, with a container host in memory. The machines have a
 * make and a docker that do nothing.
 */
@WithJenkins
class DocumentedPipelinesTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Path PAGE = Path.of("docs/pipeline.md");
    private static final String SECRET = "sesame-7131";

    /** What is followed by a text is refused with it. */
    private static final Pattern EXAMPLE =
            Pattern.compile("(?m)^```groovy\n(?<script>(?s:.*?))^```\n(?:\n```text\n(?<refusal>[^\n]*)\n```\n)?");

    private static final Pattern BLOCK_FORM = Pattern.compile("(?s) {8}virtainer \\{\n(?<parameters>.*?)\n {8}\\}\n");
    private static final Pattern PARAMETER = Pattern.compile("(?m)^ {12}(?<name>\\w+) ");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(?<name>\\w+)` \\|");

    /** A pipeline of a page, and where it stands. */
    private record Example(String place, String script, Optional<String> refusal) {
        static List<Example> of(Path page) throws IOException {
            String text = Files.readString(page);
            Matcher found = EXAMPLE.matcher(text);
            List<Example> examples = new ArrayList<>();
            while (found.find()) {
                long line = text.substring(0, found.start()).lines().count() + 1;
                examples.add(new Example(
                        page.getFileName() + "-" + line,
                        found.group("script"),
                        Optional.ofNullable(found.group("refusal"))));
            }
            return examples;
        }
    }

    @TempDir
    private Path folder;

    private JenkinsRule jenkins;
    private FakeEngines engines;

    @BeforeEach
    void setUp(JenkinsRule rule) throws Exception {
        jenkins = rule;
        jenkins.timeout = 900;
        engines = FakeEngines.install();
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String name : List.of("make", "docker")) {
            Path program =
                    Files.writeString(programs.resolve(name), "#!/bin/sh\necho \"this is $(basename \"$0\") $*\"\n");
            assertTrue(program.toFile().setExecutable(true));
        }
        VirtainerTemplate[] templates = List.of("debian:12", "debian:13", "debian:12-docker", "fedora:30").stream()
                .map(image -> template(image, programs))
                .toArray(VirtainerTemplate[]::new);
        jenkins.jenkins.clouds.add(FakeEngines.cloud("vms", templates));
    }

    private VirtainerTemplate template(String image, Path programs) {
        engines.host().addImage(ImageRef.parse(image), Map.of(Labels.CONTRACT, "1", Labels.USER, "user"));
        VirtainerTemplate usual = FakeEngines.template(folder.resolve(image.replace(':', '-')));
        VirtainerTemplate template = new VirtainerTemplate(image);
        template.setBoot(usual.getBoot());
        template.setAgent(usual.getAgent());
        agent(
                template,
                agent -> agent.setNodeProperties(List.of(new EnvironmentVariablesNodeProperty(
                        new EnvironmentVariablesNodeProperty.Entry("PATH+PROGRAMS", programs.toString())))));
        return template;
    }

    private WorkflowJob job(Example example) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, example.place());
        job.setDefinition(new CpsFlowDefinition(example.script(), true));
        return job;
    }

    private int machines() {
        return Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE);
    }

    private void awaitNothingLeft() {
        await("nothing is left")
                .atMost(SOON)
                .until(() -> jenkins.jenkins.getNodes().isEmpty()
                        && engines.host().isEmpty()
                        && PipelineTemplates.get().of("vms").isEmpty()
                        && Ledger.get().all().isEmpty());
    }

    private static void each(List<Example> examples, Check check) {
        assertAll(examples.stream().map(example -> (Executable) () -> {
            try {
                check.of(example);
            } catch (AssertionError | Exception e) {
                throw new AssertionError(example.place() + ":\n" + example.script(), e);
            }
        }));
    }

    private interface Check {
        void of(Example example) throws Exception;
    }

    @Test
    void runsEachOnMachinesThatAreGoneAfterwards() throws Exception {
        PipelinePolicy policy = new PipelinePolicy();
        policy.setAllowUserData(true);
        policy.setAllowNetwork(true);
        ((VirtainerCloud) jenkins.jenkins.getCloud("vms")).setPipelinePolicy(policy);
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "deploy-token", "", Secret.fromString(SECRET)));
        List<Example> examples = new ArrayList<>(Example.of(Path.of("README.md")));
        examples.addAll(Example.of(PAGE));
        examples.removeIf(example -> example.refusal().isPresent());
        assertTrue(examples.size() > 10, examples.toString());
        each(examples, example -> {
            int before = machines();
            WorkflowRun run = jenkins.buildAndAssertSuccess(job(example));
            jenkins.assertLogNotContains(SECRET, run);
            assertTrue(machines() > before, "it had no machine");
        });
        awaitNothingLeft();
    }

    @Test
    void refusesEachThatIsSaidToBeRefusedBeforeThereIsAMachine() throws Exception {
        List<Example> examples = Example.of(PAGE).stream()
                .filter(example -> example.refusal().isPresent())
                .toList();
        assertTrue(examples.size() > 5, examples.toString());
        each(examples, example -> {
            WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, job(example));
            jenkins.assertLogContains("ERROR: " + example.refusal().orElseThrow(), run);
        });
        assertEquals(0, machines());
        awaitNothingLeft();
    }

    @Test
    void documentsEveryParameter() throws Exception {
        String page = Files.readString(PAGE);
        Matcher block = BLOCK_FORM.matcher(page);
        assertTrue(block.find());
        Set<String> parametersOfTheAgent = parameters(VirtainerDeclarativeAgent.class);
        assertEquals(parametersOfTheAgent, new TreeSet<>(names(PARAMETER, block.group("parameters"))));
        List<String> rows = names(ROW, page);
        assertEquals(parametersOfTheAgent, new TreeSet<>(rows));
        Set<String> parametersOfTheStep = parameters(VirtainerStep.class);
        assertTrue(parametersOfTheStep.remove("labelOnly"));
        assertEquals(parametersOfTheStep, new TreeSet<>(rows.subList(0, 7)), "the first seven");
    }

    private static Set<String> parameters(Class<?> type) {
        return DescribableModel.of(type).getParameters().stream()
                .map(DescribableParameter::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(found -> found.replaceAll("\\W", ""))
                .toList();
    }
}
