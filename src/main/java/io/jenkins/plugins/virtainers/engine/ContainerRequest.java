package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * A container to create. It has the contract's rights and no others: user 1000, no capability, no new privileges.
 *
 * @param image as {@link ContainerImage#id} has it, so that a tag cannot move in between
 * @param name of the container
 * @param env variables; never a secret
 * @param labels labels; never a secret
 * @param published ports to publish on the container's host, on an address only this client's side can use
 * @param command arguments for the image's entrypoint; none to boot a guest
 * @param kvm whether /dev/kvm is passed, with the right to open it
 */
public record ContainerRequest(
        String image,
        VmName name,
        Map<String, String> env,
        Map<String, String> labels,
        List<Port> published,
        List<String> command,
        boolean kvm) {
    public ContainerRequest {
        requireNonNull(image, "image");
        requireNonNull(name, "name");
        env = Map.copyOf(env);
        labels = Map.copyOf(labels);
        published = List.copyOf(published);
        command = List.copyOf(command);
    }

    /** The same, without /dev/kvm. */
    public ContainerRequest withoutKvm() {
        return new ContainerRequest(image, name, env, labels, published, command, false);
    }
}
