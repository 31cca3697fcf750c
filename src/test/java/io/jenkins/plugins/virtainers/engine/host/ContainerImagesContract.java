package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the engine relies on of the images of every host. */
interface ContainerImagesContract extends HostUnderTest {
    @Test
    default void findsAnImageByAnyOfItsSpellingsWithItsLabels() throws Exception {
        ContainerImage found = host().findImage(image()).orElseThrow();
        assertEquals(Optional.of("liar"), found.label(Labels.USER));
        assertTrue(host().images(Labels.CONTRACT).stream()
                .anyMatch(image -> image.id().equals(found.id())));
    }

    @Test
    default void hasNoImageThatNobodyMade() throws Exception {
        assertEquals(Optional.empty(), host().findImage(ImageRef.parse("no-such-image:0")));
    }

    @Test
    default void saysThatAnImageCannotBePulled() throws Exception {
        ContainerHost host = host();
        ImageRef nowhere = ImageRef.parse("127.0.0.1:9/nobody/no-such-image:0");
        VirtainerException e = assertThrows(
                VirtainerException.class,
                () -> host.pull(nowhere, RegistryLogins.NONE, line -> {}, Duration.ofSeconds(60)));
        assertEquals(Failure.IMAGE_NOT_FOUND, e.failure());
        assertTrue(e.getMessage().contains("no-such-image"), e.getMessage());
    }
}
