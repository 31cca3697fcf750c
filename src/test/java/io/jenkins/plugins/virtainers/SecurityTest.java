package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static io.jenkins.plugins.virtainers.TemplateChanges.hardware;
import static io.jenkins.plugins.virtainers.TemplateChanges.life;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Computer;
import hudson.model.Descriptor;
import hudson.slaves.Cloud;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.fleet.Pauses;
import io.jenkins.plugins.virtainers.provisioning.Provisioning;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Who may do what, and what nobody gets to see. */
@WithJenkins
class SecurityTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path workspace;

    private JenkinsRule jenkins;

    @BeforeEach
    void setUp(JenkinsRule rule) {
        jenkins = rule;
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ, Computer.EXTENDED_READ)
                .everywhere()
                .to("looker")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ, Cloud.PROVISION)
                .everywhere()
                .to("operator"));
    }

    /** Every web method of every descriptor of ours: its URL, and itself. */
    private Map<String, Method> webMethods() {
        Map<String, Method> methods = new TreeMap<>();
        for (Descriptor<?> descriptor : jenkins.jenkins.getExtensionList(Descriptor.class)) {
            if (!descriptor.getClass().getName().startsWith("io.jenkins.plugins.virtainers.")) {
                continue;
            }
            for (Method method : descriptor.getClass().getDeclaredMethods()) {
                if (method.getName().matches("do[A-Z].*") && !method.isSynthetic()) {
                    String name = Character.toLowerCase(method.getName().charAt(2))
                            + method.getName().substring(3);
                    methods.put(descriptor.getDescriptorUrl() + "/" + name, method);
                }
            }
        }
        return methods;
    }

    @Test
    void takesNothingByGet() throws Exception {
        assertTrue(webMethods().size() > 25, webMethods().keySet().toString());
        for (String url : webMethods().keySet()) {
            assertEquals(405, status("admin", HttpMethod.GET, url), url);
        }
    }

    @Test
    void testsNothingForReaders() throws Exception {
        for (Map.Entry<String, Method> method : webMethods().entrySet()) {
            if (method.getValue().getName().startsWith("doTest")) {
                assertEquals(403, status("reader", HttpMethod.POST, method.getKey()), method.getKey());
                assertEquals(403, status("looker", HttpMethod.POST, method.getKey()), method.getKey());
            }
        }
    }

    @Test
    void saysNothingToReadersAboutWhatTheyTyped() throws Exception {
        store("login-key", new OpenSshKeys().ed25519("x").privatePem());
        for (Map.Entry<String, Method> method : webMethods().entrySet()) {
            String name = method.getValue().getName();
            if (name.startsWith("doCheck") || name.startsWith("doFill")) {
                String answer = content(
                        "reader",
                        method.getKey() + "?value=nonsense&uri=nonsense&credentialsId=nonsense&mode=x&maxBuilds=x");
                assertFalse(answer.contains("login-key"), method.getKey() + ": " + answer);
                if (name.startsWith("doCheck")) {
                    assertTrue(
                            answer.isBlank() || answer.equals("<div></div>") || answer.equals("<div/>"),
                            method.getKey() + ": " + answer);
                }
            }
        }
    }

    @Test
    void keepsActionsOnACloudToThoseWhoMayProvision() throws Exception {
        FakeEngines.install();
        jenkins.jenkins.clouds.add(FakeEngines.cloud(workspace));
        for (String action : List.of("provision?template=liar:1", "disable?minutes=5", "enable")) {
            assertEquals(405, status("admin", HttpMethod.GET, "cloud/vms/" + action), action);
            assertEquals(403, status("reader", HttpMethod.POST, "cloud/vms/" + action), action);
            assertEquals(403, status("looker", HttpMethod.POST, "cloud/vms/" + action), action);
        }
        assertEquals(403, status("reader", HttpMethod.GET, "cloud/vms/api/json"));
        assertEquals(200, status("looker", HttpMethod.GET, "cloud/vms/api/json"));
        assertEquals(200, status("operator", HttpMethod.POST, "cloud/vms/disable?minutes=5"));
        assertTrue(Pauses.get().ofCloud("vms").isPresent());
        assertEquals(200, status("operator", HttpMethod.POST, "cloud/vms/enable"));
        assertTrue(Pauses.get().ofCloud("vms").isEmpty());
        assertEquals(400, status("operator", HttpMethod.POST, "cloud/vms/disable?minutes=0"));
        assertEquals(400, status("operator", HttpMethod.POST, "cloud/vms/provision?template=nothing"));
    }

    @Test
    void showsNoSecretAnywhere() throws Exception {
        FakeEngines engines = FakeEngines.install();
        SshKeyPair key = new OpenSshKeys().ed25519("x");
        store("login-key", key.privatePem());
        VirtainerTemplate withCredential = FakeEngines.template(workspace);
        withCredential.setName("own");
        agent(withCredential, agent -> agent.setCredentialsId("login-key"));
        life(withCredential, life -> life.setMinReady(1));
        VirtainerTemplate oneTime = FakeEngines.template(workspace);
        life(oneTime, life -> life.setMinReady(1));
        boot(oneTime, boot -> boot.setUserData("#cloud-config\n# known-word-of-user-data\n"));
        jenkins.jenkins.clouds.add(FakeEngines.cloud("vms", withCredential, oneTime));
        jenkins.jenkins.save();
        Provisioning.get().topUp();
        await("agents")
                .atMost(SOON)
                .until(() -> VirtainerAgent.all()
                                .filter(VirtainerAgent::wasEverOnline)
                                .count()
                        == 2);
        List<String> secrets = new ArrayList<>();
        engines.guests().keys().forEach(used -> secrets.addAll(secretsOf(used)));
        assertEquals(2, engines.guests().keys().size());
        assertTrue(secrets.containsAll(secretsOf(key)));

        List<String> seen = new ArrayList<>();
        List<String> agents =
                VirtainerAgent.all().map(VirtainerAgent::getNodeName).toList();
        for (String agent : agents) {
            String nodeFile =
                    Files.readString(jenkins.jenkins.getRootDir().toPath().resolve("nodes/" + agent + "/config.xml"));
            assertFalse(nodeFile.contains("known-word-of-user-data"), "user data is the template's");
            seen.add(nodeFile);
            seen.add(page("admin", "computer/" + agent + "/config.xml"));
            seen.add(page("admin", "computer/" + agent + "/"));
            seen.add(page("admin", "computer/" + agent + "/logText/progressiveText?start=0"));
            seen.add(page("admin", "computer/" + agent + "/console/progressiveHtml?start=0"));
            seen.add(page("admin", "computer/" + agent + "/api/json?depth=9"));
        }
        seen.add(page("admin", "cloud/vms/api/json?depth=9"));
        seen.add(page("admin", "cloud/vms/"));
        seen.add(page("admin", "cloud/vms/configure"));
        seen.add(page("admin", "computer/api/json?depth=9"));
        seen.add(page("admin", "log/all"));
        seen.add(Files.readString(jenkins.jenkins.getRootDir().toPath().resolve("config.xml")));
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        seen.add(exported.toString(StandardCharsets.UTF_8));
        for (String text : seen) {
            for (String secret : secrets) {
                assertFalse(text.contains(secret), () -> "a secret stands in: " + text);
            }
        }
        assertTrue(seen.stream().anyMatch(text -> text.contains(agents.get(0))));
        life(withCredential, life -> life.setMinReady(null));
        life(oneTime, life -> life.setMinReady(null));
        VirtainerAgent.all().forEach(agent -> agent.retire("the test is over"));
        await("nothing left").atMost(SOON).until(() -> engines.host().isEmpty());
    }

    /** Every line of the private half but the armour. */
    private static List<String> secretsOf(SshKeyPair pair) {
        return pair.privatePem()
                .lines()
                .filter(line -> !line.startsWith("-"))
                .skip(1)
                .toList();
    }

    @Test
    void showsWhatAGuestPrintsAsText() throws Exception {
        FakeEngines engines = FakeEngines.install();
        VirtainerTemplate template = FakeEngines.template(workspace);
        life(template, life -> life.setMinReady(1));
        hardware(template, hardware -> hardware.setScreen(true));
        jenkins.jenkins.clouds.add(FakeEngines.cloud("vms", template));
        Provisioning.get().topUp();
        await("an agent").atMost(SOON).until(() -> VirtainerAgent.all().anyMatch(VirtainerAgent::wasEverOnline));
        engines.host().onlyContainer().prints("<script>alert(1)</script>");
        String agent = VirtainerAgent.all().findFirst().orElseThrow().getNodeName();
        String console = page("looker", "computer/" + agent + "/console/progressiveHtml?start=0");
        assertTrue(console.contains("&lt;script&gt;alert(1)"), console);
        for (String page : List.of("console/", "console/progressiveHtml?start=0", "screen/", "screen/picture")) {
            assertEquals(200, status("looker", HttpMethod.GET, "computer/" + agent + "/" + page), page);
            assertEquals(403, status("reader", HttpMethod.GET, "computer/" + agent + "/" + page), page);
        }
        assertTrue(page("looker", "computer/" + agent + "/").contains("/console"));
        assertFalse(page("reader", "computer/" + agent + "/").contains("/console"));
        assertEquals("a picture", page("looker", "computer/" + agent + "/screen/picture"));
        String api = page("reader", "computer/" + agent + "/api/json");
        assertTrue(api.contains("\"container\":null"), api);
        assertFalse(api.contains(FakeEngines.HOST), api);
        assertTrue(page("looker", "computer/" + agent + "/api/json").contains(FakeEngines.HOST));
        life(template, life -> life.setMinReady(null));
        VirtainerAgent.all().forEach(leaving -> leaving.retire("the test is over"));
        await("nothing left").atMost(SOON).until(() -> engines.host().isEmpty());
    }

    private void store(String id, String pem) throws IOException {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new BasicSSHUserPrivateKey(
                        CredentialsScope.SYSTEM,
                        id,
                        "liar",
                        new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(pem),
                        null,
                        "a key"));
        SystemCredentialsProvider.getInstance().save();
    }

    private String page(String user, String url) throws Exception {
        try (JenkinsRule.WebClient web = client(user)) {
            return web.getPage(new URL(jenkins.getURL(), url)).getWebResponse().getContentAsString();
        }
    }

    private String content(String user, String url) throws Exception {
        try (JenkinsRule.WebClient web = client(user)) {
            return web.getPage(web.addCrumb(new WebRequest(new URL(jenkins.getURL(), url), HttpMethod.POST)))
                    .getWebResponse()
                    .getContentAsString();
        }
    }

    private int status(String user, HttpMethod method, String url) throws Exception {
        try (JenkinsRule.WebClient web = client(user)) {
            WebRequest request = new WebRequest(new URL(jenkins.getURL(), url), method);
            return web.getPage(method == HttpMethod.POST ? web.addCrumb(request) : request)
                    .getWebResponse()
                    .getStatusCode();
        }
    }

    private JenkinsRule.WebClient client(String user) throws Exception {
        JenkinsRule.WebClient web = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        web.getOptions().setJavaScriptEnabled(false);
        return web.login(user);
    }
}
