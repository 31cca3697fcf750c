package io.jenkins.plugins.virtainers.cli.jenkins;

import io.jenkins.plugins.virtainers.cli.terminal.Programs;
import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * A Jenkins in a home of its own, configured as code, on loopback. Closing it ends the process and removes the home; the
 * machines of its clouds are somebody else's to remove, once {@link #end} has ended the process.
 */
final class SampleJenkins implements AutoCloseable {
    private static final int USUAL_PORT = 8080;
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration END = Duration.ofSeconds(30);
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 300;
    private static final int PASSWORD_BYTES = 12;

    /** Where the plugin has the name by which it owns what it makes. */
    private static final String INSTALLATION = "virtainers-installation.xml";

    private static final String CONFIGURATION = """
            jenkins:
              systemMessage: "A sample of Virtainers. Build the job: its agent is a virtual machine of its own."
              numExecutors: 0
              securityRealm:
                local:
                  allowsSignup: false
                  users:
                    - id: "admin"
                      password: "%s"
              authorizationStrategy:
                loggedInUsersCanDoAnything:
                  allowAnonymousRead: false
              clouds:
                - virtainers:
                    name: "vms"
                    pipelinePolicy:
                      images: "*"
                    hosts:
                      - uri: "%s"
                    templates:
                      - image: "%s"
                        labels: "vm"
            unclassified:
              location:
                url: "%s"
            """;

    private static final String PIPELINE = """
            pipeline {
                agent { virtainer '%s' }
                stages {
                    stage('A machine of its own') {
                        steps {
                            sh 'hostname; uname -a; systemd-detect-virt'
                        }
                    }
                    stage('with root and systemd') {
                        steps {
                            sh 'sudo systemd-run --wait --unit=sample true; systemctl --no-pager list-units --type=service'
                        }
                    }
                }
            }
            """;

    private static final String JOB = """
            <?xml version='1.1' encoding='UTF-8'?>
            <flow-definition>
              <description>Runs on a virtual machine that is made for it and removed after it.</description>
              <definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition">
                <script>%s</script>
                <sandbox>true</sandbox>
              </definition>
            </flow-definition>
            """;

    private final Surroundings surroundings;
    private final Screen screen;
    private final DockerEndpoint endpoint;
    private final ImageRef image;
    private final String password = randomPassword();
    private Optional<Path> home = Optional.empty();
    private Optional<Process> process = Optional.empty();
    private int port;

    SampleJenkins(Surroundings surroundings, Screen screen, DockerEndpoint endpoint, ImageRef image) {
        this.surroundings = surroundings;
        this.screen = screen;
        this.endpoint = endpoint;
        this.image = image;
    }

    private static String randomPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    String password() {
        return password;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /**
     * Starts it and waits until it can be used.
     *
     * @param wantedPort or 0 for the usual one or any that is free
     */
    void start(Path war, List<Path> plugins, int wantedPort) throws InterruptedException {
        port = wantedPort > 0 ? wantedPort : freePort();
        screen.step("Starting Jenkins on " + address());
        try {
            Path directory = Files.createTempDirectory("virtainers-jenkins");
            home = Optional.of(directory);
            fill(directory, plugins);
            ProcessBuilder builder = new Programs(surroundings).builder(command(directory, war));
            builder.environment().put("JENKINS_HOME", directory.toString());
            builder.environment()
                    .put("CASC_JENKINS_CONFIG", directory.resolve("sample.yaml").toString());
            process = Optional.of(builder.redirectErrorStream(true)
                    .redirectOutput(log(directory).toFile())
                    .start());
        } catch (IOException e) {
            throw Failure.PLATFORM.because("Cannot start Jenkins: %s.".formatted(e), e);
        }
        awaitAnswer();
    }

    private int freePort() {
        for (int wanted : List.of(USUAL_PORT, 0)) {
            try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                screen.detail("127.0.0.1:%d: %s".formatted(wanted, e.getMessage()));
            }
        }
        throw Failure.PLATFORM.because("Cannot listen on 127.0.0.1: no port is free. Give one with --port.");
    }

    private void fill(Path directory, List<Path> plugins) throws IOException {
        Path installed = Files.createDirectory(directory.resolve("plugins"));
        for (Path plugin : plugins) {
            String name = plugin.getFileName().toString().replaceFirst("\\.hpi$", ".jpi");
            Files.copy(plugin, installed.resolve(name));
        }
        Files.writeString(
                directory.resolve("sample.yaml"), CONFIGURATION.formatted(password, endpoint, image, address()));
        Path job = Files.createDirectories(directory.resolve("jobs/sample"));
        Files.writeString(job.resolve("config.xml"), JOB.formatted(PIPELINE.formatted(image)));
    }

    private List<String> command(Path directory, Path war) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-Djenkins.install.runSetupWizard=false",
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                war.toString(),
                "--httpListenAddress=127.0.0.1",
                "--httpPort=" + port);
    }

    private static Path log(Path directory) {
        return directory.resolve("jenkins.log");
    }

    private void awaitAnswer() throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest question = HttpRequest.newBuilder(address().resolve("login"))
                .timeout(ATTEMPT)
                .build();
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.orElseThrow().isAlive()) {
                throw Failure.PLATFORM.because("Jenkins ended with status %d before it could be used.%s"
                        .formatted(process.get().exitValue(), said()));
            }
            try {
                if (client.send(question, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                screen.detail("not yet: " + e);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw Failure.PLATFORM.because(
                "Jenkins could not be used within %d minutes.%s".formatted(START.toMinutes(), said()));
    }

    private String said() {
        ConsoleTail tail = new ConsoleTail();
        try (Stream<String> lines = Files.lines(log(home.orElseThrow()))) {
            lines.map(ConsoleTail::clean).forEach(tail::add);
        } catch (IOException e) {
            return "";
        }
        return tail.quoted("It said:");
    }

    /** Whose the machines of all its clouds are; empty before it has made any. */
    Optional<Ownership> ownership() {
        return home.flatMap(SampleJenkins::ownership);
    }

    /** As the plugin has it in a home. */
    static Optional<Ownership> ownership(Path home) {
        Path file = home.resolve(INSTALLATION);
        try (InputStream installation = Files.newInputStream(file)) {
            DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            // Its own prints what is wrong.
            parser.setErrorHandler(new DefaultHandler());
            String name = XPathFactory.newInstance().newXPath().evaluate("/*/name", parser.parse(installation));
            return Optional.of(Ownership.of(name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException
                | ParserConfigurationException
                | SAXException
                | XPathExpressionException
                | IllegalArgumentException e) {
            throw Failure.PLATFORM.because(
                    "%s does not say whose its machines are (%s). They end with their lease, and then virtainer gc removes them."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** Until somebody ends it, or this. */
    void awaitEnd() throws InterruptedException {
        int status = process.orElseThrow().waitFor();
        // Ctrl-C on a terminal reaches both; then this thread is told in a moment.
        Thread.sleep(PAUSE_MILLIS);
        throw Failure.PLATFORM.because("Jenkins ended with status %d.%s".formatted(status, said()));
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            end();
            home.ifPresent(this::delete);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the process, if it runs. */
    void end() {
        process.ifPresent(SampleJenkins::end);
    }

    private static void end(Process running) {
        running.destroy();
        try {
            if (!running.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            screen.warn("Cannot remove %s: %s".formatted(directory, e));
        }
    }
}
