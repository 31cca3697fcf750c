package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.spec.ImageRef;

/** What the contract of each role is held to. */
interface HostUnderTest {
    /** The host, with the liar on it. */
    ContainerHost host() throws Exception;

    /** The liar, as the host knows it. */
    ImageRef image();

    /** The containers of the test. */
    Liars liars() throws Exception;
}
