package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static io.jenkins.plugins.virtainers.TemplateChanges.hardware;

import io.jenkins.plugins.virtainers.docker.ServedFile;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A distribution's image as it is, made and served by the test: without Java, with an older C library than the build's,
 * and set up by cloud-init alone. Needs virtainers/runtime, and what runtime/test/cloud-image needs.
 */
final class StockImage implements AutoCloseable {
    private final Path image;
    private final Path said;
    private final Process maker;
    private ServedFile served;

    /**
     * Begins to make one.
     *
     * @param file that it shall be
     * @param arguments of runtime/test/cloud-image, such as bullseye
     */
    StockImage(Path file, List<String> arguments) throws IOException {
        image = file;
        said = file.resolveSibling(file.getFileName() + ".said");
        List<String> line = new ArrayList<>(List.of("runtime/test/cloud-image", file.toString()));
        line.addAll(arguments);
        maker = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    /** Waits until it is there, and serves it. */
    void serve() throws IOException, InterruptedException {
        int status = maker.waitFor();
        if (status != 0) {
            throw new IOException("runtime/test/cloud-image ended with %d: %s"
                    .formatted(status, Files.readString(said, StandardCharsets.UTF_8)));
        }
        served = new ServedFile(image);
    }

    /** A template of it, with a label of its name. */
    VirtainerTemplate template(String name) {
        VirtainerTemplate template = new VirtainerTemplate(ImageRef.RUNTIME.toString());
        hardware(template, hardware -> hardware.setAcceleration("tcg"));
        template.setName(name);
        template.setLabels(name);
        template.setCpus(2);
        template.setMemory("1G");
        boot(template, boot -> {
            boot.setDiskImage(served.url());
            boot.setUser("debian");
        });
        return template;
    }

    @Override
    public void close() {
        maker.destroy();
        if (served != null) {
            served.close();
        }
    }
}
