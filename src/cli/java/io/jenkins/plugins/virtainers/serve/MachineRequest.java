package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.Acceleration;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.DiskSize;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.NetworkMode;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import io.jenkins.plugins.virtainers.engine.spec.SeedImage;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.engine.spec.VncPassword;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks for, as JSON has it; a member that is absent has the engine's default. Each is written as the option
 * of {@code virtainer run} with that name; a disk image is at an address, and a seed is in Base64.
 */
record MachineRequest(
        String image,
        Optional<String> name,
        Optional<Integer> cpus,
        Optional<String> memory,
        Optional<String> disk,
        Optional<List<String>> sshKeys,
        Optional<String> diskImage,
        Optional<String> checksum,
        Optional<String> user,
        Optional<String> userData,
        Optional<String> sharedUserData,
        Optional<String> metaData,
        Optional<byte[]> seed,
        Optional<Map<String, String>> env,
        Optional<String> data,
        Optional<String> accel,
        Optional<String> boot,
        Optional<String> network,
        Optional<List<String>> join,
        Optional<List<String>> ports,
        Optional<String> vncPassword,
        Optional<Boolean> ephemeral,
        Optional<Integer> timeoutSeconds,
        Optional<Integer> stopTimeoutSeconds) {

    /** @throws InvalidSpecException which member is wrong, and what it may be */
    VmSpec.Builder toSpec() {
        if (image == null) {
            throw new InvalidSpecException("Say which \"image\" to boot, such as debian:12.");
        }
        VmSpec.Builder spec = VmSpec.of(ImageRef.parse(image));
        name.map(VmName::new).ifPresent(spec::name);
        cpus.ifPresent(spec::cpus);
        memory.map(MemorySize::parse).ifPresent(spec::memory);
        disk.map(DiskSize::parse).ifPresent(spec::disk);
        sshKeys.ifPresent(keys -> keys.forEach(spec::authorizedKey));
        diskImage.map(DiskImage.AtAddress::new).ifPresent(spec::diskImage);
        checksum.ifPresent(spec::checksum);
        user.ifPresent(spec::user);
        userData.ifPresent(text -> {
            UserData.require("userData", text);
            spec.userData(text);
        });
        sharedUserData.ifPresent(text -> {
            if (userData.isPresent()) {
                throw new InvalidSpecException(
                        "Both \"userData\" and \"sharedUserData\" are given, and there is one: take one away.");
            }
            UserData.require("sharedUserData", text);
            spec.userData(text).shareUserData();
        });
        metaData.ifPresent(spec::metaData);
        seed.map(ContainerFile.Content::of).map(SeedImage::new).ifPresent(spec::seed);
        env.ifPresent(variables -> variables.forEach(spec::env));
        data.ifPresent(spec::data);
        accel.map(Acceleration::parse).ifPresent(spec::acceleration);
        boot.map(BootMode::parse).ifPresent(spec::boot);
        network.map(NetworkMode::parse).ifPresent(spec::network);
        join.ifPresent(joins -> joins.stream().map(NetworkJoin::parse).forEach(spec::join));
        ports.ifPresent(numbers -> numbers.stream().map(PublishedPort::parse).forEach(spec::port));
        vncPassword.map(VncPassword::new).ifPresent(spec::vnc);
        ephemeral.filter(asked -> asked).ifPresent(yes -> spec.ephemeral());
        timeoutSeconds.map(Duration::ofSeconds).ifPresent(spec::bootTimeout);
        stopTimeoutSeconds.map(Duration::ofSeconds).ifPresent(spec::stopTimeout);
        return spec;
    }
}
