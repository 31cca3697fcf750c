package io.jenkins.plugins.virtainers.engine.errand;

import io.jenkins.plugins.virtainers.engine.failure.Uninterrupted;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes containers. An engine may have made one although its answer was lost on the way. */
public final class Creation {
    private static final Logger LOGGER = Logger.getLogger(Creation.class.getName());

    private Creation() {}

    /** Creates a container; when this throws, there is none, as far as the engine can be asked. */
    public static ContainerId of(ContainerHost host, ContainerRequest request) throws InterruptedException {
        String id = UUID.randomUUID().toString();
        boolean created = false;
        try {
            ContainerId container = host.create(request.labelled(Labels.REQUEST, id));
            created = true;
            return container;
        } finally {
            if (!created) {
                discardUnanswered(host, id);
            }
        }
    }

    private static void discardUnanswered(ContainerHost host, String id) {
        Uninterrupted.run(() -> {
            try {
                for (Container container : host.list(Map.of(Labels.REQUEST, id))) {
                    Errand.discard(host, container.id());
                }
            } catch (VirtainerException e) {
                LOGGER.log(Level.FINE, "Cannot look for what was made without an answer", e);
            }
        });
    }
}
