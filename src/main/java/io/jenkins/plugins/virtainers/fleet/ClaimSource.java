package io.jenkins.plugins.virtainers.fleet;

import hudson.ExtensionPoint;
import java.util.List;

/** Knows claims that were there before this start of the controller, and still hold. */
public interface ClaimSource extends ExtensionPoint {
    List<Claim> claims();
}
