package io.jenkins.plugins.virtainers.engine.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a spec as the variables of the runtime; {@code runtime/env.sh} is their list. */
public final class RuntimeVariables {
    private RuntimeVariables() {}

    /** Whether a container with these variables has a screen to be seen. */
    public static boolean haveScreen(Map<String, String> variables) {
        return "on".equals(variables.get("VNC"));
    }

    /** The folder of the disk, where nobody says another. */
    public static final String USUAL_IMAGE_DIR = "/mounted";

    /** Every variable that a container of this spec has. */
    public static Map<String, String> of(VmSpec spec) {
        Map<String, String> variables = new LinkedHashMap<>(spec.env());
        variables.put("VM_NAME", spec.name().value());
        variables.put("CPU", Integer.toString(spec.cpus()));
        variables.put("RAM", Long.toString(spec.memory().megabytes()));
        if (spec.diskImage().orElse(null) instanceof DiskImage.AtAddress image) {
            variables.put("IMAGE_URL", image.url());
        }
        spec.checksum().ifPresent(sum -> variables.put("IMAGE_CHECKSUM", sum));
        spec.disk().ifPresent(disk -> variables.put("DISK_SIZE", disk.toString()));
        variables.put("ACCEL", spec.acceleration().word());
        variables.put("BOOT", spec.boot().word());
        spec.agent().ifPresent(agent -> variables.put("AGENT", agent.digest()));
        spec.sharedUserData().ifPresent(data -> variables.put("SHARED_USER_DATA", data.sha256()));
        variables.put("NETWORK", spec.network().word());
        variables.put(
                "PORTS",
                spec.ports().stream()
                        .map(port -> port.guest().toString())
                        .distinct()
                        .collect(Collectors.joining(" ")));
        variables.put("EPHEMERAL", spec.ephemeral() ? "yes" : "no");
        spec.lease().ifPresent(lease -> variables.put("LEASE", Long.toString(lease.toSeconds())));
        variables.put("BOOT_TIMEOUT", Long.toString(spec.bootTimeout().toSeconds()));
        variables.put("STOP_TIMEOUT", Long.toString(spec.stopTimeout().toSeconds()));
        spec.vnc().ifPresent(password -> variables.put("VNC", "on"));
        return variables;
    }
}
