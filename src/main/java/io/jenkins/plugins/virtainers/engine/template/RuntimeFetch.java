package io.jenkins.plugins.virtainers.engine.template;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.image.Images;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Gets the runtime's image onto a host that has none, behind guests that have their own: what makes their templates wants
 * it, and nobody waits for that. Thread-safe.
 */
final class RuntimeFetch {
    private static final Logger LOGGER = Logger.getLogger(RuntimeFetch.class.getName());

    private final ContainerHost host;
    private final Images images;
    private final AtomicBoolean begun = new AtomicBoolean();

    RuntimeFetch(ContainerHost host, Images images) {
        this.host = host;
        this.images = images;
    }

    /** In a thread of its own, unless there is one. */
    void begin() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        Thread thread = new Thread(this::fetch, "virtainers-runtime-for-" + host.address());
        thread.setDaemon(true);
        thread.start();
    }

    private void fetch() {
        try {
            images.ensure(ImageRef.RUNTIME, Progress.SILENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (VirtainerException e) {
            LOGGER.log(Level.INFO, "Without its image, no memory template is made on {0}: {1}", new Object[] {
                host.address(), e.getMessage()
            });
        } finally {
            begun.set(false);
        }
    }
}
