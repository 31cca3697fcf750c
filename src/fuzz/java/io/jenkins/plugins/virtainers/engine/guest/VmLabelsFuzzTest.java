package io.jenkins.plugins.virtainers.engine.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A container whose labels anybody wrote is a machine, or is none. */
class VmLabelsFuzzTest {
    @FuzzTest
    void labels(@NotNull String name, @NotNull String hostKey, @NotNull String lease, @NotNull String user) {
        Container container = new Container(
                new ContainerId("0123456789ab"),
                name,
                "image",
                Map.of(Labels.HOST_KEY, hostKey, Labels.LEASE, lease, Labels.USER, user),
                Container.Phase.RUNNING,
                OptionalInt.empty(),
                Instant.EPOCH,
                Optional.empty(),
                List.of(),
                Map.of());
        Vm.of(container).ifPresent(vm -> assertEquals(name, vm.name().value()));
    }
}
