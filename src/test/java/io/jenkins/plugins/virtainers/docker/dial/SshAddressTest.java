package io.jenkins.plugins.virtainers.docker.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshAddressTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ssh://far,                            -,  far,         -,    -",
                "ssh://me@far,                         me, far,         -,    -",
                "ssh://me@far.example:2222,            me, far.example, 2222, -",
                "ssh://me@build_host/,                 me, build_host,  -,    -",
                "ssh://far/run/podman/podman.sock,     -,  far,         -,    /run/podman/podman.sock",
                "ssh://me@[2001:db8::7]:22/run/x.sock, me, 2001:db8::7, 22,   /run/x.sock",
            })
    void isReadAsDockersCommandReadsIt(String text, String user, String host, Integer port, String socket) {
        assertEquals(
                Optional.of(new SshAddress(
                        Optional.ofNullable(user),
                        host,
                        port == null ? OptionalInt.empty() : OptionalInt.of(port),
                        Optional.ofNullable(socket))),
                SshAddress.parse(URI.create(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://@far",
                "ssh://me:secret@far",
                "ssh://far:0",
                "ssh://far:70000",
                "ssh://far:x",
                "ssh://far?key=x",
                "ssh://far#x",
                "tcp://far:22",
                "unix:///run/x.sock"
            })
    void whatIsNoneIsNone(String text) {
        assertEquals(Optional.empty(), SshAddress.parse(URI.create(text)));
    }

    @Test
    void isSaidAsPeopleTypeIt() {
        assertEquals(
                "me@far -p 2222",
                SshAddress.parse(URI.create("ssh://me@far:2222/x"))
                        .orElseThrow()
                        .toString());
    }
}
