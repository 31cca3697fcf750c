package io.jenkins.plugins.virtainers.engine.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.params.provider.ValueSource;

/** A value is what it was written as, or is refused in a sentence. */
class ValuesFuzzTest {
    private static <T> void keeps(Function<String, T> parser, String written) {
        Sentences.read(() -> parser.apply(written)).ifPresent(value -> {
            Sentences.requireHarmless(value.toString());
            assertEquals(value, parser.apply(value.toString()));
        });
    }

    /** Java's own reader, which asks nobody for an address in brackets or of digits and dots. */
    private static void requireAddress(String address) {
        try {
            assertFalse(InetAddress.getByName(address.contains(":") ? "[" + address + "]" : address)
                    .getHostAddress()
                    .isEmpty());
        } catch (UnknownHostException e) {
            throw new AssertionError(address, e);
        }
    }

    @ValueSource(
            strings = {
                "debian:12",
                "example.org:5000/team/fedora:30",
                "virtainers/debian",
                "debian@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    @FuzzTest
    void image(@NotNull String written) {
        keeps(ImageRef::parse, written);
        Sentences.read(() -> ImageRef.parse(written)).ifPresent(image -> {
            assertTrue(image.localSpellings().contains(image.reference()));
            Sentences.requireHarmless(image.registry());
        });
    }

    @ValueSource(strings = {"512M", "4G", "2 GiB", "1024k", "999999999999T"})
    @FuzzTest
    void memory(@NotNull String written) {
        Sentences.read(() -> MemorySize.parse(written))
                .ifPresent(value -> assertEquals(
                        value.megabytes(), MemorySize.parse(value.toString()).megabytes()));
    }

    @ValueSource(strings = {"20G", "1T", "2048K", "3 mib", "999999999999T"})
    @FuzzTest
    void disk(@NotNull String written) {
        keeps(DiskSize::parse, written);
    }

    @ValueSource(strings = {"22", "65535", "0", "+80", " 80 "})
    @FuzzTest
    void port(@NotNull String written) {
        keeps(Port::parse, written);
    }

    @ValueSource(
            strings = {"80", "8080:80", "127.0.0.1:8080:80", "127.0.0.1::80", "[::1]:8080:80/tcp", "53/udp", "[1:2]::1"
            })
    @FuzzTest
    void publishedPort(@NotNull String written) {
        keeps(PublishedPort::parse, written);
        Sentences.read(() -> PublishedPort.parse(written))
                .flatMap(PublishedPort::address)
                .ifPresent(ValuesFuzzTest::requireAddress);
    }

    @ValueSource(strings = {"10.228.0.0/22", "10.1.2.3", "300.1.2.3", "0.0.0.0/0", "255.255.255.255/32"})
    @FuzzTest
    void subnet(@NotNull String written) {
        keeps(Subnet::parse, written);
        Sentences.read(() -> Subnet.parse(written)).ifPresent(subnet -> assertTrue(subnet.overlaps(subnet)));
    }

    @ValueSource(strings = {"virtainers", "virtainers=10.228.0.10", "host", "a=10.0.0.0/8"})
    @FuzzTest
    void networkJoin(@NotNull String written) {
        Sentences.read(() -> NetworkJoin.parse(written)).ifPresent(join -> {
            Sentences.requireHarmless(join.network());
            assertEquals(
                    join,
                    NetworkJoin.parse(
                            join.network() + join.address().map("="::concat).orElse("")));
            join.address().ifPresent(ValuesFuzzTest::requireAddress);
        });
    }

    @ValueSource(strings = {"db:10.1.2.3", "db.corp.example:fd00::7", "gate:host-gateway", "a_b:::1"})
    @FuzzTest
    void extraHost(@NotNull String written) {
        keeps(Naming.ExtraHost::parse, written);
        Sentences.read(() -> Naming.ExtraHost.parse(written))
                .filter(host -> !host.address().equals(Naming.ExtraHost.GATEWAY))
                .ifPresent(host -> requireAddress(host.address()));
    }

    @ValueSource(strings = {"web", "web.corp.example", "-x", "a_b.c"})
    @FuzzTest
    void names(@NotNull String written) {
        Sentences.read(() -> new VmName(written));
        Sentences.read(() -> new Naming(Optional.of(written), List.of(), List.of()))
                .flatMap(Naming::hostname)
                .ifPresent(name -> assertTrue(name.matches("[A-Za-z0-9.-]+")));
        Sentences.read(() -> new Naming(Optional.empty(), List.of(written), List.of()))
                .ifPresent(naming -> assertTrue(naming.searches().get(0).matches("[A-Za-z0-9._-]+")));
    }

    @ValueSource(
            strings = {
                "https://example.org/disk.qcow2",
                "HTTP://user:secret@example.org:80/a?b=c#d",
                "http://a b/",
                "file:///etc/passwd"
            })
    @FuzzTest
    void diskImageAddress(@NotNull String written) {
        Sentences.read(() -> new DiskImage.AtAddress(written)).ifPresent(image -> {
            assertTrue(DiskImage.AtAddress.isMeant(written));
            Sentences.requireHarmless(image.url());
            Sentences.requireHarmless(image.toString());
        });
    }

    @ValueSource(strings = {"auto", "kvm", "tcg", "restore", "direct", "cold", "nat", "bridge", "AUTO"})
    @FuzzTest
    void words(@NotNull String written) {
        Sentences.read(() -> Acceleration.parse(written));
        Sentences.read(() -> BootMode.parse(written));
        Sentences.read(() -> NetworkMode.parse(written));
        Sentences.read(() -> new VncPassword(written));
    }

    @ValueSource(strings = {"http_proxy", "NO_PROXY", "Http_Proxy"})
    @FuzzTest
    void proxies(@NotNull String written) {
        Proxies.of(Map.of(written, "http://proxy:3128"))
                .forEach((name, value) -> assertTrue(name.matches("[a-z_]+|[A-Z_]+")));
    }
}
