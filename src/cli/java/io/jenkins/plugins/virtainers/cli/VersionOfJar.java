package io.jenkins.plugins.virtainers.cli;

import java.util.Optional;
import picocli.CommandLine;

/** The version that the build wrote into the jar. */
final class VersionOfJar implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"virtainer " + version()};
    }

    static String version() {
        return Optional.ofNullable(VersionOfJar.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }
}
