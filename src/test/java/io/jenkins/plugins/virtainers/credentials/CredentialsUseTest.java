package io.jenkins.plugins.virtainers.credentials;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static io.jenkins.plugins.virtainers.TemplateChanges.life;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainSpecification;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import com.cloudbees.plugins.credentials.domains.SchemeSpecification;
import com.cloudbees.plugins.credentials.fingerprints.NodeCredentialsFingerprintFacet;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.AbortException;
import hudson.model.Fingerprint;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.virtainers.TemplateAgent;
import io.jenkins.plugins.virtainers.TemplateBoot;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogin;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.provisioning.Provisioning;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.docker.commons.credentials.DockerServerCredentials;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Where credentials are shown, and what Jenkins learns of it. */
@WithJenkins
class CredentialsUseTest {
    private static final Duration SOON = Duration.ofSeconds(90);

    private JenkinsRule jenkins;

    @BeforeEach
    void setUp(JenkinsRule rule) {
        jenkins = rule;
    }

    private static void store(Credentials credential, DomainSpecification... domain) throws IOException {
        SystemCredentialsProvider.getInstance()
                .getDomainCredentialsMap()
                .put(new Domain(domain.length == 0 ? null : "kept", null, List.of(domain)), List.of(credential));
    }

    private static List<String> offered(ListBoxModel choice) {
        return choice.stream()
                .map(option -> option.value)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    @Test
    void showsTlsToHostsOfItsDomainAlone() throws Exception {
        store(
                new DockerServerCredentials(CredentialsScope.SYSTEM, "tls", "", Secret.fromString("k"), "c", "a"),
                new HostnameSpecification("vmhost.example.org", null));
        assertEquals(
                "k", TlsCredentials.find("tls", "tcp://vmhost.example.org:2376").key());
        VirtainerException refused = assertThrows(
                VirtainerException.class, () -> TlsCredentials.find("tls", "tcp://other.example.org:2376"));
        assertEquals(
                "Cannot connect to tcp://other.example.org:2376: there is no credential \"tls\". Choose a Docker server credential.",
                refused.getMessage());
        VirtainerHost.DescriptorImpl form = jenkins.jenkins.getDescriptorByType(VirtainerHost.DescriptorImpl.class);
        assertEquals(List.of("tls"), offered(form.doFillCredentialsIdItems("", "tcp://vmhost.example.org:2376")));
        assertEquals(List.of(), offered(form.doFillCredentialsIdItems("", "tcp://other.example.org:2376")));
        assertEquals(List.of("tls"), offered(form.doFillCredentialsIdItems("tls", "tcp://other.example.org:2376")));
    }

    @Test
    void showsALoginToTheRegistryOfItsDomainAlone() throws Exception {
        store(
                new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "pull", "", "me", "pw"),
                new HostnameSpecification("registry.example.org", null));
        assertEquals(
                "me",
                RegistryCredentials.find("pull", "registry.example.org/team/ci:7")
                        .user());
        assertThrows(VirtainerException.class, () -> RegistryCredentials.find("pull", "debian:12"));
        TemplateBoot.DescriptorImpl form = jenkins.jenkins.getDescriptorByType(TemplateBoot.DescriptorImpl.class);
        assertEquals(
                List.of("pull"), offered(form.doFillRegistryCredentialsIdItems("", "registry.example.org/team/ci:7")));
        assertEquals(List.of(), offered(form.doFillRegistryCredentialsIdItems("", "debian:12")));
        assertEquals(List.of("pull"), offered(form.doFillRegistryCredentialsIdItems("", "not an image")));
    }

    @Test
    void logsInToMachinesWithWhatIsForSsh() throws Exception {
        store(
                new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "login", "", "me", "pw"),
                new SchemeSpecification("ssh"));
        assertEquals("me", LoginCredentials.find("login").user());
        SystemCredentialsProvider.getInstance().getDomainCredentialsMap().clear();
        store(
                new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "web", "", "me", "pw"),
                new SchemeSpecification("https"));
        assertThrows(AbortException.class, () -> LoginCredentials.find("web"));
        TemplateAgent.DescriptorImpl form = jenkins.jenkins.getDescriptorByType(TemplateAgent.DescriptorImpl.class);
        assertEquals(List.of(), offered(form.doFillCredentialsIdItems("")));
    }

    @Test
    void tellsJenkinsWhichAgentsUseACredential(@TempDir Path workspace) throws Exception {
        FakeEngines engines = FakeEngines.install();
        BasicSSHUserPrivateKey key = new BasicSSHUserPrivateKey(
                CredentialsScope.SYSTEM,
                "login-key",
                "liar",
                new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(
                        new OpenSshKeys().ed25519("x").privatePem()),
                null,
                "a key");
        SystemCredentialsProvider.getInstance().getCredentials().add(key);
        VirtainerTemplate template = FakeEngines.template(workspace);
        agent(template, agent -> agent.setCredentialsId("login-key"));
        life(template, life -> life.setMinReady(1));
        jenkins.jenkins.clouds.add(FakeEngines.cloud("vms", template));
        Provisioning.get().topUp();
        await("its use is known").atMost(SOON).until(() -> usersOf(key).size() == 1);
        assertEquals(VirtainerAgent.all().map(VirtainerAgent::getNodeName).toList(), usersOf(key));
        life(template, life -> life.setMinReady(null));
        VirtainerAgent.all().forEach(agent -> agent.retire("the test is over"));
        await("nothing left").atMost(SOON).until(() -> engines.host().isEmpty());
    }

    /** Another cloud's template with the same image, which may be another team's, has none of it. */
    @Test
    void pullsAnImageWithTheLoginOfItsOwnTemplateAlone(@TempDir Path workspace) throws Exception {
        FakeEngines engines = FakeEngines.install();
        ImageRef image = ImageRef.parse("registry.example.org/team/ci:7");
        engines.host().publish(image, new RegistryLogin("me", "pw"));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.SYSTEM, "pull", "", "me", "pw"));
        VirtainerTemplate others = FakeEngines.template(workspace, image);
        jenkins.jenkins.clouds.add(FakeEngines.cloud("others", others));
        VirtainerTemplate own = FakeEngines.template(workspace, image);
        boot(own, boot -> boot.setRegistryCredentialsId("pull"));
        jenkins.jenkins.clouds.add(FakeEngines.cloud("own", own));

        life(others, life -> life.setMinReady(1));
        Provisioning.get().topUp();
        await("it is refused").atMost(SOON).until(() -> engines.host().calls().contains(FakeContainerHost.Call.PULL));
        life(others, life -> life.setMinReady(null));
        await("nothing left")
                .atMost(SOON)
                .until(() -> VirtainerAgent.all().findAny().isEmpty());
        assertEquals(Optional.empty(), engines.host().findImage(image));

        life(own, life -> life.setMinReady(1));
        Provisioning.get().topUp();
        await("it is there")
                .atMost(SOON)
                .until(() -> engines.host().findImage(image).isPresent());
        life(own, life -> life.setMinReady(null));
        VirtainerAgent.all().forEach(agent -> agent.retire("the test is over"));
        await("nothing left").atMost(SOON).until(() -> engines.host().isEmpty());
    }

    private static List<String> usersOf(Credentials credential) throws IOException {
        Fingerprint fingerprint = CredentialsProvider.getFingerprintOf(credential);
        return fingerprint == null
                ? List.of()
                : fingerprint.getFacets().stream()
                        .filter(NodeCredentialsFingerprintFacet.class::isInstance)
                        .map(facet -> ((NodeCredentialsFingerprintFacet) facet).getNodeName())
                        .toList();
    }
}
