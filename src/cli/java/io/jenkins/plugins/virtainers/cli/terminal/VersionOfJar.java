package io.jenkins.plugins.virtainers.cli.terminal;

import java.util.Optional;
import picocli.CommandLine;

/** The version that the build wrote into the jar. */
public final class VersionOfJar implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"virtainer " + version()};
    }

    public static String version() {
        return Optional.ofNullable(VersionOfJar.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }
}
