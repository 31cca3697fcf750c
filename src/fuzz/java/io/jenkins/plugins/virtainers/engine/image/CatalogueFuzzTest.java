package io.jenkins.plugins.virtainers.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import java.util.Optional;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of images is one that names can be found in, or is refused in a sentence. */
class CatalogueFuzzTest {
    @ValueSource(
            strings = {
                "# none\nfedora:43 | cloud | https://example.org/f.qcow2 | fedora | auto | 2027 | Fedora 43 | https://example.org/SUMS | qcow2\n",
                "a:1 | cloud | x",
                "a:1 | own | x"
            })
    @FuzzTest
    void list(@NotNull String list) {
        Sentences.read(() -> new Catalogue(list))
                .ifPresent(catalogue -> catalogue.entries().forEach(entry -> {
                    assertEquals(Optional.of(entry), catalogue.find(entry.name()));
                    Sentences.requireHarmless(entry.name() + " " + entry.address());
                }));
    }
}
