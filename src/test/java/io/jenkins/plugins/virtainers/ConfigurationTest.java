package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static io.jenkins.plugins.virtainers.TemplateChanges.hardware;
import static io.jenkins.plugins.virtainers.TemplateChanges.life;
import static io.jenkins.plugins.virtainers.TemplateChanges.network;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Descriptor;
import hudson.model.Node;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.docker.commons.credentials.DockerServerCredentials;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The same cloud through the form, through configuration as code, and back. */
@WithJenkins
class ConfigurationTest {
    private JenkinsRule jenkins;

    @BeforeEach
    void setUp(JenkinsRule rule) {
        jenkins = rule;
    }

    @Test
    void roundTripsThroughItsForm() throws Exception {
        VirtainerCloud before = everything();
        jenkins.jenkins.clouds.add(before);
        saveForm();
        VirtainerCloud after = cloud("farm");
        jenkins.assertEqualDataBoundBeans(before, after);
        assertEquals(1, after.getTemplates().get(0).agent().properties().size());
    }

    @Test
    void leavesOutWhatWasLeftOut() throws Exception {
        VirtainerCloud before = new VirtainerCloud("vms");
        VirtainerTemplate template = new VirtainerTemplate("debian:12");
        template.setLabels("debian");
        before.setTemplates(List.of(template));
        jenkins.jenkins.clouds.add(before);
        saveForm();
        VirtainerTemplate after = cloud("vms").getTemplates().get(0);
        assertEquals("debian:12", after.getImage());
        assertEquals("debian", after.getLabels());
        assertNull(after.getMemory());
        assertNull(after.getLife());
        assertNull(after.agent().getCredentialsId());
        assertNull(after.agent().getNodeProperties());
        assertNull(cloud("vms").getHosts());
        assertEquals(VirtainerHost.LOCAL, cloud("vms").usableHosts().get(0).getUri());
    }

    @Test
    void isMadeOnTheNewCloudPage() throws Exception {
        try (JenkinsRule.WebClient web = jenkins.createWebClient()) {
            HtmlForm first = web.goTo("cloud/new").getFormByName("createItem");
            first.getInputByName("name").setValue("vms");
            first.getRadioButtonsByName("mode").stream()
                    .filter(mode -> mode.getValueAttribute().contains("VirtainerCloud"))
                    .findFirst()
                    .orElseThrow()
                    .setChecked(true);
            HtmlPage second = jenkins.submit(first);
            jenkins.submit(second.getFormByName("config"));
        }
        assertEquals("vms", cloud("vms").getName());
    }

    private void saveForm() throws Exception {
        try (JenkinsRule.WebClient web = jenkins.createWebClient()) {
            String name = jenkins.jenkins.clouds.get(0).name;
            jenkins.submit(web.goTo("cloud/" + name + "/configure").getFormByName("config"));
        }
    }

    private VirtainerCloud cloud(String name) {
        return (VirtainerCloud) Objects.requireNonNull(jenkins.jenkins.getCloud(name));
    }

    private static VirtainerCloud everything() {
        VirtainerHost host = new VirtainerHost("tcp://vmhost.example.org:2376");
        host.setAgents(3);
        host.setCpus(8);
        host.setMemory("16G");
        host.setWay("tunnel");
        VirtainerTemplate template = new VirtainerTemplate("debian:12");
        template.setId("first");
        template.setName("build");
        template.setLabels("debian build");
        agent(template, agent -> agent.setMode(Node.Mode.NORMAL));
        agent(template, agent -> agent.setExecutors(2));
        template.setCpus(4);
        template.setMemory("8G");
        hardware(template, hardware -> hardware.setDisk("40G"));
        hardware(template, hardware -> hardware.setAcceleration("tcg"));
        boot(template, boot -> boot.setMode("direct"));
        network(template, network -> network.setMode("user"));
        network(template, network -> network.setJoins("office\nlab=10.2.0.9"));
        boot(template, boot -> boot.setDiskImage("https://images.example.org/disk.qcow2"));
        boot(template, boot -> boot.setChecksum("abc"));
        boot(template, boot -> boot.setUser("debian"));
        boot(template, boot -> boot.setData("kept"));
        hardware(template, hardware -> hardware.setScreen(true));
        boot(template, boot -> boot.setEnvironment("OS_VARIANT=debian12\nA=b"));
        boot(template, boot -> boot.setUserData("#cloud-config\npackages: [git]"));
        boot(template, boot -> boot.setStrict(true));
        boot(template, boot -> boot.setMetaData("instance-id: build-1"));
        boot(template, boot -> boot.setSeedCredentialsId("seed"));
        agent(template, agent -> agent.setInitScript("git --version"));
        agent(template, agent -> agent.setRemoteFs("/srv/jenkins"));
        agent(template, agent -> agent.setJavaPath("/usr/bin/java"));
        agent(template, agent -> agent.setJvmOptions("-Xmx512m"));
        boot(template, boot -> boot.setTimeoutMinutes(5));
        life(template, life -> life.setInstanceCap(10));
        life(template, life -> life.setIdleMinutes(0));
        life(template, life -> life.setMaxBuilds(0));
        life(template, life -> life.setMinReady(0));
        agent(
                template,
                agent -> agent.setNodeProperties(List.of(new EnvironmentVariablesNodeProperty(
                        new EnvironmentVariablesNodeProperty.Entry("MAKEFLAGS", "-j4")))));
        VirtainerCloud cloud = new VirtainerCloud("farm");
        cloud.setInstanceCap(20);
        VirtainerHost here = new VirtainerHost("");
        here.setWay("auto");
        cloud.setHosts(List.of(host, here));
        // What a choice on the form shows first is what it means to choose nothing.
        VirtainerTemplate least = new VirtainerTemplate("debian:13");
        least.setId("second");
        agent(least, agent -> agent.setMode(Node.Mode.EXCLUSIVE));
        hardware(least, hardware -> hardware.setAcceleration("auto"));
        boot(least, boot -> boot.setMode("auto"));
        network(least, network -> network.setMode("auto"));
        cloud.setTemplates(List.of(template, least));
        return cloud;
    }

    @Test
    void loadsTheExamplesAndExportsThemAsTheyWere() throws Exception {
        for (String example : List.of("one-template", "everything")) {
            Path file = Path.of("examples", example + ".yaml");
            ConfigurationAsCode.get().configure(file.toUri().toString());
            String exported = export();
            Path again = Files.createTempFile("exported", ".yaml");
            Files.writeString(again, "jenkins:\n" + exported);
            ConfigurationAsCode.get().configure(again.toUri().toString());
            assertEquals(exported, export());
            // Every line that says something is there again, wherever it stands.
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()
                        && !line.startsWith("#")
                        && !line.contains("unix:")
                        && !line.startsWith("jenkins")) {
                    String value = line.strip().replaceFirst("^- ", "");
                    assertTrue(
                            exported.contains(value) || exported.contains(value.replace("\"", "")),
                            () -> "lost: " + line + "\n" + exported);
                }
            }
        }
    }

    /** The part of the export that is about clouds. */
    private static String export() throws Exception {
        String all = exportAll();
        Matcher clouds = Pattern.compile("(?m)^  clouds:\\R((?:  [ -].*\\R)+)").matcher(all);
        assertTrue(clouds.find(), all);
        return clouds.group();
    }

    private static String exportAll() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void exportsEverythingAtOnceWithoutAFailure() throws Exception {
        ConfigurationAsCode.get()
                .configure(Path.of("examples/everything.yaml").toUri().toString());
        String exported = exportAll();
        assertTrue(exported.contains("virtainers:"), exported);
        assertTrue(!exported.contains("FAILED TO EXPORT"), exported);
    }

    @Test
    void saysAtEachFieldWhatIsWrong() {
        VirtainerTemplate.DescriptorImpl template =
                jenkins.jenkins.getDescriptorByType(VirtainerTemplate.DescriptorImpl.class);
        TemplateBoot.DescriptorImpl bootForm = jenkins.jenkins.getDescriptorByType(TemplateBoot.DescriptorImpl.class);
        TemplateNetwork.DescriptorImpl networkForm =
                jenkins.jenkins.getDescriptorByType(TemplateNetwork.DescriptorImpl.class);
        TemplateAgent.DescriptorImpl agentForm =
                jenkins.jenkins.getDescriptorByType(TemplateAgent.DescriptorImpl.class);
        assertError("Which image? Write NAME:TAG, such as debian:12.", template.doCheckImage(""));
        assertError(
                "Image \"not an image\" is not an image reference: write NAME:TAG, such as debian:12.",
                template.doCheckImage("not an image"));
        assertError(
                "Memory \"lots\" is not a size: write a whole number and a unit, such as 512M or 4G.",
                template.doCheckMemory("lots"));
        assertError("Memory must be at least 128M, was 1M.", template.doCheckMemory("1M"));
        assertWarning("Without a label no build gets here: give it one.", template.doCheckLabels("", ""));
        assertError(
                "There is no credential \"nope\". Choose an SSH key credential, or none for a new key for each agent.",
                agentForm.doCheckCredentialsId("nope"));
        assertError(
                "There is no credential \"nope\". Choose a secret file that holds the seed.",
                bootForm.doCheckSeedCredentialsId("nope"));
        assertError("Network lab is to be joined twice: take one away.", networkForm.doCheckJoins("lab\nlab=10.2.0.9"));
        assertError(
                "Nobody can tell which login the disk image https://x/y has: give its user, such as fedora.",
                bootForm.doCheckDiskImage("https://x/y", ""));
        assertError("User \"a b\" is not the name of a login, such as fedora.", bootForm.doCheckUser("a b"));
        assertError(
                "Data \"a/b\" is neither the name of a volume nor an absolute path without a comma.",
                bootForm.doCheckData("a/b", ""));
        assertWarning(
                "One machine at a time can have this disk, so there is one agent at most.",
                bootForm.doCheckData("kept", "2"));
        assertError("Variable RAM has a setting of its own: use that instead.", bootForm.doCheckEnvironment("RAM=12"));
        VirtainerHost.DescriptorImpl host = jenkins.jenkins.getDescriptorByType(VirtainerHost.DescriptorImpl.class);
        assertError(
                "Cannot use container engine \"ftp://x\": not an address. Write unix:///path/to/socket, tcp://host:port or ssh://user@host.",
                host.doCheckUri("ftp://x", ""));
        assertEquals(FormValidation.Kind.WARNING, host.doCheckUri("tcp://x:2375", "").kind);
        assertEquals(FormValidation.Kind.OK, host.doCheckUri("ssh://me@x", "").kind);
        assertError(
                "Cannot connect to tcp://x:2376: there is no credential \"nope\". Choose a Docker server credential.",
                host.doCheckCredentialsId("nope", "tcp://x:2376", ""));
        Descriptor<?> cloud = jenkins.jenkins.getDescriptorByType(VirtainerCloud.DescriptorImpl.class);
        jenkins.jenkins.clouds.add(new VirtainerCloud("twice"));
        jenkins.jenkins.clouds.add(new VirtainerCloud("twice"));
        assertError(
                "Two clouds have this name: agents could not tell whose they are.",
                ((VirtainerCloud.DescriptorImpl) cloud).doCheckName("twice"));
    }

    @Test
    void saysThatACredentialIsOfTheWrongKind() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .addAll(List.of(
                        new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "password", "", "me", "pw"),
                        new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "nobody", "", "", "pw"),
                        new DockerServerCredentials(
                                CredentialsScope.SYSTEM, "host", "", Secret.fromString("k"), "c", "a"),
                        new FileCredentialsImpl(
                                CredentialsScope.SYSTEM, "text", "", "text", SecretBytes.fromBytes(new byte[] {1}))));
        TemplateBoot.DescriptorImpl bootForm = jenkins.jenkins.getDescriptorByType(TemplateBoot.DescriptorImpl.class);
        TemplateAgent.DescriptorImpl agentForm =
                jenkins.jenkins.getDescriptorByType(TemplateAgent.DescriptorImpl.class);
        VirtainerHost.DescriptorImpl host = jenkins.jenkins.getDescriptorByType(VirtainerHost.DescriptorImpl.class);
        assertError(
                "Credential \"host\" is neither an SSH key (username with private key) nor a username with password. Choose one.",
                agentForm.doCheckCredentialsId("host"));
        assertEquals(FormValidation.Kind.OK, agentForm.doCheckCredentialsId("password").kind);
        assertError("Credential \"nobody\" lacks a user or a password.", agentForm.doCheckCredentialsId("nobody"));
        assertEquals(
                FormValidation.Kind.OK,
                bootForm.doCheckRegistryCredentialsId("password", "registry.example.org/ci:1").kind);
        assertError(
                "Credential \"password\" is no secret file. Choose one that holds the seed.",
                bootForm.doCheckSeedCredentialsId("password"));
        assertError(
                "This seed is no volume that cloud-init looks for: make an ISO or FAT image called cidata, as genisoimage -volid cidata does.",
                bootForm.doCheckSeedCredentialsId("text"));
        String wrong =
                "Cannot connect to tcp://x:2376: credential \"password\" is no Docker server credential (client key, client certificate, CA certificate). Choose one.";
        assertError(wrong, host.doCheckCredentialsId("password", "tcp://x:2376", ""));
        assertError(
                "Cannot connect to x by SSH: credential \"password\" is no SSH username with private key. Choose an SSH key credential, or none for the controller's own ssh command.",
                host.doCheckCredentialsId("password", "ssh://me@x", "ssh-ed25519 AAAA"));
        assertError(wrong, host.doTestConnection("tcp://x:2376", "password", "", "", "", ""));
    }

    private static void assertError(String sentence, FormValidation validation) {
        assertEquals(FormValidation.Kind.ERROR, validation.kind, validation.toString());
        assertEquals(hudson.Util.escape(sentence), validation.getMessage());
    }

    private static void assertWarning(String sentence, FormValidation validation) {
        assertEquals(FormValidation.Kind.WARNING, validation.kind, validation.toString());
        assertEquals(hudson.Util.escape(sentence), validation.getMessage());
    }
}
