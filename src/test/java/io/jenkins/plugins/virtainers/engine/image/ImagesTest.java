package io.jenkins.plugins.virtainers.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.util.List;
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

    @Test
    void asksForTheVersionThatIsMeantWhereNoneWasSaid() {
        VirtainerException refused = assertThrows(
                VirtainerException.class,
                () -> new Images(host, SOURCE).ensure(ImageRef.parse("liar"), Progress.SILENT));
        assertEquals(Failure.IMAGE_NOT_FOUND, refused.failure());
        assertEquals("Which liar? There is no newest one: write liar:1 or liar:2.", refused.getMessage());
    }

    @Test
    void looksInTheRegistryForWhatNobodyHereKnows() {
        VirtainerException refused = assertThrows(
                VirtainerException.class,
                () -> new Images(host, SOURCE).ensure(ImageRef.parse("plan9"), Progress.SILENT));
        assertEquals(Failure.IMAGE_NOT_FOUND, refused.failure());
        assertEquals(true, refused.getMessage().contains("plan9"), refused.getMessage());
    }
}
