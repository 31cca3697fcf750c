package io.jenkins.plugins.virtainers.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogins;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImagesTest {
    private final FakeContainerHost host = new FakeContainerHost();

    /** Makes nothing, and could make this. */
    private static final ImageSource SOURCE = new ImageSource() {
        @Override
        public boolean make(ImageRef image, Progress progress) {
            return false;
        }

        @Override
        public List<String> names() {
            return List.of("liar:2", "liar-docker:1", "fedora:30");
        }
    };

    private static final Catalogue CATALOGUE = new Catalogue("""
            # name | kind | address | user | boot | end of life | system | checksum | format
            liar:3 | packages | bookworm | liar | direct | - | Liar 3
            penguin:7 | cloud | https://penguins.example/7.qcow2 | adelie | firmware | - | Penguin 7 | %s | qcow2
            """.formatted("a".repeat(64)));

    private Images.Bootable bootable(VmSpec spec) throws InterruptedException {
        return new Images(host, ImageSource.NONE, CATALOGUE).bootable(spec, RegistryLogins.NONE, Progress.SILENT);
    }

    @Test
    void aNameOfTheCatalogueIsADiskImageInTheRuntime() throws Exception {
        host.addImage(ImageRef.RUNTIME, Map.of(Labels.CONTRACT, "1"));
        VmSpec asked = VmSpec.of(ImageRef.parse("penguin:7")).build();
        Images.Bootable bootable = bootable(asked);
        assertEquals(host.findImage(ImageRef.RUNTIME).orElseThrow(), bootable.image());
        assertEquals(
                VmSpec.of(ImageRef.parse("penguin:7"))
                        .name(asked.name())
                        .diskImage(new DiskImage.AtAddress("https://penguins.example/7.qcow2"))
                        .checksum("a".repeat(64))
                        .user("adelie")
                        .build(),
                bootable.spec());
        VmSpec known = VmSpec.of(ImageRef.parse("penguin:7")).user("king").build();
        assertEquals(Optional.of("king"), bootable(known).spec().user());
    }

    @Test
    void anImageOfTheHostStandsAboveTheCatalogue() throws Exception {
        host.addImage(ImageRef.parse("penguin:7"), Map.of(Labels.CONTRACT, "1"));
        VmSpec asked = VmSpec.of(ImageRef.parse("penguin:7")).build();
        assertEquals(asked, bootable(asked).spec());
    }

    @Test
    void aLineOfTheCatalogueThatLacksSomethingIsRefused() {
        InvalidSpecException refused = assertThrows(
                InvalidSpecException.class,
                () -> new Catalogue("penguin:7 | cloud | https://penguins.example/7.qcow2"));
        assertEquals(
                "The catalogue's line \"penguin:7 | cloud | https://penguins.example/7.qcow2\" has 3 columns of 8.",
                refused.getMessage());
    }

    @Test
    void theProjectsOwnCatalogueKnowsDistributions() {
        Catalogue.Entry fedora =
                Catalogue.builtIn().find(ImageRef.parse("fedora:30")).orElseThrow();
        assertEquals("fedora", fedora.user());
        assertEquals(Optional.empty(), Catalogue.builtIn().find(ImageRef.parse("debian:12")));
    }

    @Test
    void asksForTheVersionThatIsMeantWhereNoneWasSaid() {
        VirtainerException refused = assertThrows(
                VirtainerException.class,
                () -> new Images(host, SOURCE, CATALOGUE).ensure(ImageRef.parse("liar"), Progress.SILENT));
        assertEquals(Failure.IMAGE_NOT_FOUND, refused.failure());
        assertEquals("Which liar? There is no newest one: write liar:1 or liar:2.", refused.getMessage());
    }

    @Test
    void looksInTheRegistryForWhatNobodyHereKnows() {
        VirtainerException refused = assertThrows(
                VirtainerException.class,
                () -> new Images(host, SOURCE, CATALOGUE).ensure(ImageRef.parse("plan9"), Progress.SILENT));
        assertEquals(Failure.IMAGE_NOT_FOUND, refused.failure());
        assertEquals(true, refused.getMessage().contains("plan9"), refused.getMessage());
    }
}
